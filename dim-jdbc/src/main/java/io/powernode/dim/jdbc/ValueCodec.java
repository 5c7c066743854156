package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The form of a value on disk: a byte that numbers the form, a CRC-32C of the rest, and what the
 * cipher made of the value. A damaged value is found when it is read, never taken for another.
 */
record ValueCodec(ValueCipher cipher) {
  private static final byte FORM = 1;
  private static final int HEADER = 1 + Integer.BYTES;

  byte[] encode(String key, byte[] plain) {
    byte[] sealed = cipher.seal(key, plain);
    ByteBuffer stored = ByteBuffer.allocate(HEADER + sealed.length);
    return stored.put(FORM).putInt(crc(sealed, 0)).put(sealed).array();
  }

  byte[] decode(String key, byte[] stored) {
    return cipher.open(key, sealed(stored));
  }

  private static byte[] sealed(byte[] stored) {
    if (!isWhole(stored)) {
      throw new DimException(
          ErrorCode.INTERNAL, "a stored value is damaged: restore the store from a backup");
    }
    return Arrays.copyOfRange(stored, HEADER, stored.length);
  }

  /** Whether the bytes are what {@link #encode} made, by whatever cipher. */
  static boolean isWhole(byte[] stored) {
    ByteBuffer header = ByteBuffer.wrap(stored);
    return stored.length >= HEADER
        && header.get() == FORM
        && header.getInt() == crc(stored, HEADER);
  }

  /** The value of bytes that may never have been encrypted: of another store, or from before. */
  byte[] decodeFrom(String key, byte[] stored) {
    byte[] sealed = sealed(stored);
    return SealedValue.isSealed(sealed) ? cipher.open(key, sealed) : sealed;
  }

  /** Whether the value would be encoded like that again, with the same secret. */
  boolean isCurrent(byte[] stored) {
    return cipher.isCurrent(sealed(stored));
  }

  private static int crc(byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }
}
