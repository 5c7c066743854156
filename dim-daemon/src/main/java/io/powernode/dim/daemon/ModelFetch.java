package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.spi.BlobSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Fetches model files from wherever the node's orchestrators keep them. Thread-safe. */
final class ModelFetch {
  private static final int BUFFER_BYTES = 1 << 16;

  private final List<BlobSource> sources = new CopyOnWriteArrayList<>();

  void attach(BlobSource source) {
    sources.add(source);
  }

  /**
   * Writes a model's bytes to a file, from the first source whose bytes are the right ones.
   *
   * @throws DimException as the last source failed, if all did
   * @throws IOException if the file cannot be written
   */
  void to(Path file, ModelArtifact artifact) throws IOException {
    DimException failure =
        new DimException(ErrorCode.MODEL_INVALID, "nobody offers this node any model files");
    for (BlobSource source : sources) {
      try {
        copy(source, artifact, file);
        return;
      } catch (DimException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static void copy(BlobSource source, ModelArtifact artifact, Path file)
      throws IOException {
    MessageDigest sha = Digest.sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = open(source, artifact.digest());
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        size += n;
        if (size > artifact.size()) {
          throw invalid("has more bytes than declared", false);
        }
        sha.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    if (size < artifact.size()) {
      throw invalid("ended before all declared bytes were there", true);
    } else if (!Digest.finish(sha).equals(artifact.digest())) {
      throw invalid("has another digest than the pinned one", false);
    }
  }

  private static InputStream open(BlobSource source, Digest digest) {
    try {
      return source.open(digest);
    } catch (FileNotFoundException e) {
      throw invalid("is not where the node may fetch it", false);
    } catch (IOException e) {
      throw interrupted(e);
    }
  }

  private static int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw interrupted(e);
    }
  }

  private static DimException interrupted(IOException cause) {
    return new DimException(
        ErrorInfo.of(ErrorCode.UNAVAILABLE, "the model file could not be fetched"), cause);
  }

  /** A truncated download may go better the next time; wrong bytes are wrong for good. */
  private static DimException invalid(String problem, boolean retryable) {
    return new DimException(
        new ErrorInfo(ErrorCode.MODEL_INVALID, "the model file " + problem, retryable, Map.of()));
  }
}
