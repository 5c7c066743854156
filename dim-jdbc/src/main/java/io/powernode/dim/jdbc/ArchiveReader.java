package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/** Reads an {@link Archive}, and finds out whether it is whole. */
final class ArchiveReader {
  private final MessageDigest digest = Archive.digest();
  private final DataInputStream in;

  ArchiveReader(InputStream from) {
    in = new DataInputStream(new DigestInputStream(new BufferedInputStream(from), digest));
  }

  /** Is told what an archive holds; only after the end is it sure that all of it was right. */
  interface Visitor {
    void entry(String key, Row row, byte[] stored) throws IOException, SQLException;

    void stream(String name, long last) throws SQLException;

    void session(long epoch, String owner) throws SQLException;

    void epoch(long last) throws SQLException;
  }

  /**
   * Reads all of it.
   *
   * @throws DimException if it is no archive, of another form, damaged, or has no end
   */
  void read(Visitor visitor) throws IOException, SQLException {
    try {
      if (!Arrays.equals(in.readNBytes(Archive.TITLE.length), Archive.TITLE)) {
        throw Archive.refused("is none");
      }
      int form = in.readInt();
      if (form != Archive.FORM) {
        throw Archive.refused("has form " + form + ", and this version knows " + Archive.FORM);
      }
      long records = 0;
      for (byte kind = in.readByte(); kind != Archive.END; kind = in.readByte()) {
        record(kind, visitor);
        records++;
      }
      requireEnd(records);
    } catch (EOFException e) {
      throw Archive.refused("ends in the middle");
    }
  }

  private void record(byte kind, Visitor visitor) throws IOException, SQLException {
    switch (kind) {
      case Archive.ENTRY -> {
        String key = text();
        long version = in.readLong();
        visitor.entry(key, row(version, text()), bytes());
      }
      case Archive.STREAM -> visitor.stream(text(), in.readLong());
      case Archive.SESSION -> visitor.session(in.readLong(), text());
      case Archive.EPOCH -> visitor.epoch(in.readLong());
      default -> throw Archive.refused("is damaged");
    }
  }

  private static Row row(long version, String indexes) {
    try {
      return Row.of(version, indexes, Optional.empty());
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw Archive.refused("is damaged");
    }
  }

  private void requireEnd(long records) throws IOException {
    long written = in.readLong();
    byte[] actual = digest.digest();
    if (written != records || !Arrays.equals(actual, in.readNBytes(actual.length))) {
      throw Archive.refused("is damaged");
    }
  }

  private String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** Reads piece by piece, so that a wrong length takes no memory. */
  private byte[] bytes() throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw Archive.refused("is damaged");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }
}
