package io.powernode.dim.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest (FIPS 180-4) in the form {@code sha256:} followed by 64 lower-case hexadecimal
 * digits.
 *
 * @param value the whole text, prefix included
 */
public record Digest(String value) {
  private static final String PREFIX = "sha256:";
  private static final int LENGTH = PREFIX.length() + 64;

  /** Copied instead of looked up among the security providers each time. */
  private static final MessageDigest FRESH = newSha256();

  /** Checks the form; {@link IllegalArgumentException} if it is another one. */
  public Digest {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "digest: malformed; allowed: sha256: and 64 lower-case hexadecimal digits");
    }
  }

  /** Whether {@code value} has the form of a digest. */
  public static boolean isValid(String value) {
    if (value.length() != LENGTH || !value.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < LENGTH; i++) {
      char c = value.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The digest of a byte array. */
  public static Digest of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** The digest of a buffer's remaining bytes; the buffer's position does not move. */
  public static Digest of(ByteBuffer bytes) {
    MessageDigest sha = sha256();
    sha.update(bytes.duplicate());
    return finish(sha);
  }

  /** The digest of a stream, which is read to its end but not closed. */
  public static Digest of(InputStream stream) throws IOException {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[1 << 16];
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      sha.update(buffer, 0, n);
    }
    return finish(sha);
  }

  /** A fresh SHA-256 calculator, for callers that digest while they copy; see {@link #finish}. */
  public static MessageDigest sha256() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      return newSha256();
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest of what a calculator from {@link #sha256} was fed; resets the calculator. */
  public static Digest finish(MessageDigest sha) {
    return new Digest(PREFIX + HexFormat.of().formatHex(sha.digest()));
  }

  /** The 64 hexadecimal digits alone. */
  public String hex() {
    return value.substring(PREFIX.length());
  }

  @Override
  public String toString() {
    return value;
  }
}
