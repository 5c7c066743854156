package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digest of named tensors: SHA-256 over each, in the order of their names, as length-prefixed
 * name, data type, rank, dimensions, byte count and bytes; integers are 64-bit big-endian.
 */
public final class TensorDigest {
  private TensorDigest() {}

  /** The digest of {@code tensors}; the map's order does not matter. */
  public static Digest of(Map<String, Tensor> tensors) {
    MessageDigest sha = Digest.sha256();
    new TreeMap<>(tensors).forEach((name, tensor) -> update(sha, name, tensor));
    return Digest.finish(sha);
  }

  private static void update(MessageDigest sha, String name, Tensor tensor) {
    text(sha, name);
    text(sha, tensor.dataType().name());
    number(sha, tensor.rank());
    for (long dimension : tensor.shape()) {
      number(sha, dimension);
    }
    number(sha, tensor.byteSize());
    sha.update(tensor.data());
  }

  private static void text(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(sha, bytes.length);
    sha.update(bytes);
  }

  private static void number(MessageDigest sha, long number) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }
}
