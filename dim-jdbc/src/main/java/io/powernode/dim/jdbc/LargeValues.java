package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.StoredValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns values into what rows hold and back. Large ones go into a blob, which is registered before
 * it is written and counted by the commits that refer to it, so that none is forgotten that nobody
 * refers to, and none is removed that somebody does. Thread-safe.
 */
record LargeValues(
    Database database, ValueCodec codec, Optional<BlobStore> blobs, int largeValueBytes) {
  /** Whatever touches a registered blob says so, and {@link Upkeep} leaves it alone for a while. */
  static final String COUNT_REFERENCES =
      "UPDATE dim_blobs SET refs = refs + ?, touched = touched + 1 WHERE digest = ?";

  private static final String REGISTER =
      "INSERT INTO dim_blobs (digest, refs, touched) VALUES (?, 0, 0)"
          + " ON CONFLICT (digest) DO UPDATE SET touched = dim_blobs.touched + 1";

  /**
   * What the row is to hold.
   *
   * @throws IOException if the blob cannot be written
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if it cannot be registered
   */
  Cell store(String key, byte[] plain) throws IOException {
    return place(key, plain, digest -> database.write(on -> on.update(REGISTER, digest.value())));
  }

  /** The same within a transaction of the caller, which registers the blob and counts it. */
  Cell storeUncounted(String key, byte[] plain) throws IOException {
    return place(key, plain, digest -> {});
  }

  private Cell place(String key, byte[] plain, Consumer<Digest> register) throws IOException {
    byte[] bytes = codec.encode(key, plain);
    if (blobs.isEmpty() || plain.length <= largeValueBytes) {
      return Cell.of(bytes);
    }
    Digest digest = Digest.of(bytes);
    register.accept(digest);
    blobs.get().put(new ByteArrayInputStream(bytes));
    return Cell.of(digest);
  }

  /**
   * The value; it is decoded, and a blob read, when it is asked for, so that one that cannot be
   * read is nobody else's trouble.
   */
  StoredValue read(String key, Cell cell) {
    return () -> codec.decode(key, stored(cell));
  }

  /** The encoded value, wherever it is. */
  byte[] stored(Cell cell) {
    return cell.blob().map(this::content).orElseGet(() -> cell.bytes().orElse(new byte[0]));
  }

  private byte[] content(Digest digest) {
    BlobStore store =
        blobs.orElseThrow(
            () ->
                new DimException(
                    ErrorCode.UNAVAILABLE,
                    "a large value lies in a blob store, and the state store was given none"));
    try (InputStream content = store.open(digest)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "a large value cannot be read: " + digest), e);
    }
  }
}
