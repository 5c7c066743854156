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
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] typeBytes = tensor.dataType().name().getBytes(StandardCharsets.UTF_8);
    int numbers = 4 + tensor.rank();
    ByteBuffer form =
        ByteBuffer.allocate(nameBytes.length + typeBytes.length + numbers * Long.BYTES)
            .putLong(nameBytes.length)
            .put(nameBytes)
            .putLong(typeBytes.length)
            .put(typeBytes)
            .putLong(tensor.rank());
    for (int axis = 0; axis < tensor.rank(); axis++) {
      form.putLong(tensor.dimension(axis));
    }
    sha.update(form.putLong(tensor.byteSize()).array());
    sha.update(tensor.data());
  }
}
