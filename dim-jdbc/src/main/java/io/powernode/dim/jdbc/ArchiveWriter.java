package io.powernode.dim.jdbc;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes an {@link Archive}. */
final class ArchiveWriter {
  private final MessageDigest digest = Archive.digest();
  private final DataOutputStream out;
  private long records;

  ArchiveWriter(OutputStream to) throws IOException {
    // The digest sees what was written when it is asked, so nothing is buffered before it.
    out = new DataOutputStream(new DigestOutputStream(new BufferedOutputStream(to), digest));
    out.write(Archive.TITLE);
    out.writeInt(Archive.FORM);
  }

  void entry(String key, Row row, byte[] stored) throws IOException {
    begin(Archive.ENTRY);
    text(key);
    out.writeLong(row.version());
    text(row.indexesText());
    out.writeInt(stored.length);
    out.write(stored);
  }

  void stream(String name, long last) throws IOException {
    begin(Archive.STREAM);
    text(name);
    out.writeLong(last);
  }

  void session(long epoch, String owner) throws IOException {
    begin(Archive.SESSION);
    out.writeLong(epoch);
    text(owner);
  }

  void epoch(long last) throws IOException {
    begin(Archive.EPOCH);
    out.writeLong(last);
  }

  /** Ends the archive; the stream stays open. */
  void end() throws IOException {
    out.writeByte(Archive.END);
    out.writeLong(records);
    out.write(digest.digest());
    out.flush();
  }

  private void begin(byte kind) throws IOException {
    records++;
    out.writeByte(kind);
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
