package io.powernode.dim.daemon;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes pseudonyms of rows: HMAC-SHA-256 (RFC 2104), cut to 128 bits, under a key that only the
 * holder of the rows can know. Equal data has equal pseudonyms on every node. Not thread-safe.
 */
final class RowIds {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 16;

  private final Mac mac;

  RowIds(byte[] key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The pseudonym of a row by its number. */
  String ofNumber(long row) {
    return pseudonym(ByteBuffer.allocate(Long.BYTES).putLong(row).array());
  }

  /** The pseudonym of a row by its id. */
  String ofId(String id) {
    return pseudonym(id.getBytes(StandardCharsets.UTF_8));
  }

  private String pseudonym(byte[] of) {
    return HexFormat.of().formatHex(mac.doFinal(of), 0, BYTES);
  }
}
