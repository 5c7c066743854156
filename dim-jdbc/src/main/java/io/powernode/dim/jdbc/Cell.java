package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.util.Optional;

/**
 * A value as its row holds it: the bytes, or the digest of a blob that has them.
 *
 * @param bytes encoded by {@link ValueCodec}
 * @param blob the blob
 */
record Cell(Optional<byte[]> bytes, Optional<Digest> blob) {
  static final Cell NONE = new Cell(Optional.empty(), Optional.empty());

  static Cell of(byte[] bytes) {
    return new Cell(Optional.of(bytes), Optional.empty());
  }

  static Cell of(Digest blob) {
    return new Cell(Optional.empty(), Optional.of(blob));
  }
}
