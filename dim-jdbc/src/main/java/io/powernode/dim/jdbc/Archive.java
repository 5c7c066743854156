package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The portable form of a store. A line of text that says what it is, the number of the form, and
 * then records, each after a letter: entries, streams, sessions, the newest epoch, and the end with
 * the number of records and a SHA-256 of all bytes before it. Numbers are big-endian; texts and
 * values stand after their length in bytes.
 */
final class Archive {
  static final byte[] TITLE = "DIM store archive\n".getBytes(StandardCharsets.US_ASCII);
  static final int FORM = 1;
  static final byte ENTRY = 'E';
  static final byte STREAM = 'S';
  static final byte SESSION = 'O';
  static final byte EPOCH = 'L';
  static final byte END = 'Z';

  private Archive() {}

  static DimException refused(String problem) {
    return new DimException(
        ErrorCode.INVALID_ARGUMENT,
        "archive: " + problem + "; allowed: a whole one, as an export writes it");
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
