package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The form of an encrypted value: a mark, the name of the key with its length before it, the nonce,
 * and the ciphertext with its tag.
 */
record SealedValue(String keyName, byte[] nonce, byte[] ciphertext) {
  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;
  private static final byte[] MARK = {(byte) 0xD1, 'D', 'I', 'M', 's', 'e', 'a', 1};

  /** What stands before the nonce. */
  static byte[] head(String keyName) {
    byte[] name = keyName.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(MARK.length + 1 + name.length)
        .put(MARK)
        .put((byte) name.length)
        .put(name)
        .array();
  }

  static boolean isSealed(byte[] value) {
    return value.length > MARK.length && Arrays.equals(value, 0, MARK.length, MARK, 0, MARK.length);
  }

  static boolean isSealedWith(String keyName, byte[] value) {
    byte[] head = head(keyName);
    return value.length >= head.length
        && Arrays.equals(value, 0, head.length, head, 0, head.length);
  }

  static SealedValue parse(byte[] value) {
    if (!isSealed(value)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "cipher: a value of the store is not encrypted; allowed: a store that was encrypted from"
              + " its first value, or by dim store reseal while nothing else used it");
    }
    int nameBytes = value[MARK.length];
    ByteBuffer rest = ByteBuffer.wrap(value);
    rest.position(MARK.length + 1);
    if (nameBytes < 1 || rest.remaining() < nameBytes + NONCE_BYTES + TAG_BYTES) {
      throw new DimException(ErrorCode.INTERNAL, "an encrypted value of the store is damaged");
    }
    byte[] name = new byte[nameBytes];
    rest.get(name);
    byte[] nonce = new byte[NONCE_BYTES];
    rest.get(nonce);
    byte[] ciphertext = new byte[rest.remaining()];
    rest.get(ciphertext);
    return new SealedValue(new String(name, StandardCharsets.US_ASCII), nonce, ciphertext);
  }

  byte[] bytes() {
    byte[] head = head(keyName);
    return ByteBuffer.allocate(head.length + nonce.length + ciphertext.length)
        .put(head)
        .put(nonce)
        .put(ciphertext)
        .array();
  }
}
