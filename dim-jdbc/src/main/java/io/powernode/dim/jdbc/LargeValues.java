package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.StoredValue;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Turns values into what rows hold and back. Large ones go into a blob, which is registered before
 * it is written and counted by the commits that refer to it, so that none is forgotten that nobody
 * refers to, and none is removed that somebody does. A blob begins with random bytes, so that none
 * is ever written twice: what is about to be removed nobody asks for again. Thread-safe.
 */
record LargeValues(
    Database database,
    ValueCodec codec,
    Optional<BlobStore> blobs,
    int largeValueBytes,
    RandomGenerator random) {
  /**
   * Whatever touches a registered blob says so, and {@link BlobSweep} leaves it alone for a while.
   */
  static final String COUNT_REFERENCES =
      "UPDATE dim_blobs SET refs = refs + ?, touched = touched + 1 WHERE digest = ? AND refs >= 0";

  private static final String REGISTER =
      "INSERT INTO dim_blobs (digest, refs, touched) VALUES (?, 0, 0)";

  private static final int SALT_BYTES = 16;

  /**
   * What the row is to hold.
   *
   * @throws IOException if the blob cannot be written
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if it cannot be registered
   */
  Cell store(String key, byte[] plain) throws IOException {
    return place(key, plain, digest -> database.write(on -> on.update(REGISTER, digest.value())));
  }

  /**
   * The same within a transaction of the caller, which registers the blob and counts it.
   *
   * @param writing hears of the blob before it is written
   */
  Cell storeUncounted(String key, byte[] plain, Consumer<Digest> writing) throws IOException {
    return place(key, plain, writing);
  }

  private Cell place(String key, byte[] plain, Consumer<Digest> register) throws IOException {
    byte[] bytes = codec.encode(key, plain);
    if (blobs.isEmpty() || plain.length <= largeValueBytes) {
      return Cell.of(bytes);
    }
    byte[] salted = salted(bytes);
    Digest digest = Digest.of(salted);
    register.accept(digest);
    blobs.get().put(new ByteArrayInputStream(salted));
    return Cell.of(digest);
  }

  private byte[] salted(byte[] bytes) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return ByteBuffer.allocate(SALT_BYTES + bytes.length).put(salt).put(bytes).array();
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
      content.readNBytes(SALT_BYTES);
      return content.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new DimException(
          ErrorInfo.of(
              ErrorCode.INTERNAL,
              "a large value cannot be read, it is missing: restore the blob store from a backup: "
                  + digest),
          e);
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "a large value cannot be read: " + digest), e);
    }
  }
}
