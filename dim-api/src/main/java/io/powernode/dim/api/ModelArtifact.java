package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;

/**
 * The file of a model: what it is and where it may be had.
 *
 * @param format the name by which loaders know it, as in {@code onnx}
 * @param digest of the file's bytes; jobs pin it, nodes verify it
 * @param size bytes; 0 or more
 * @param sources where the file may be fetched besides the orchestrator's blob store: {@code
 *     file:}, {@code http(s):} or {@code ipfs://CID}
 */
public record ModelArtifact(String format, Digest digest, long size, List<String> sources) {

  public ModelArtifact {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(digest, "digest");
    sources = List.copyOf(sources);
    if (size < 0) {
      throw new IllegalArgumentException("size: is negative; allowed: 0 or more bytes");
    }
  }
}
