package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Sees to it that one process has a file. The operating system holds the lock and takes it back
 * when the process dies, however it dies; beside it is written who holds it.
 */
final class FileLock implements AutoCloseable {
  /** Behind what is written, since some systems let nobody read what is locked. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final int MAX_NOTE = 1000;

  private final FileChannel channel;

  private FileLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks.
   *
   * @param file whose name says what is locked
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if another holds it
   */
  static FileLock acquire(Path file, Instant now) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!isLocked(channel)) {
        throw new DimException(
            ErrorInfo.of(
                ErrorCode.UNAVAILABLE,
                "the store is in use by "
                    + note(channel)
                    + ": stop that process first; one SQLite file serves one process"));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(self(now)), 0);
      return new FileLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) != null;
    } catch (OverlappingFileLockException thisProcess) {
      return false;
    }
  }

  private static String note(FileChannel channel) throws IOException {
    ByteBuffer note = ByteBuffer.allocate(MAX_NOTE);
    channel.read(note, 0);
    String text = StandardCharsets.UTF_8.decode(note.flip()).toString();
    return text.isBlank() ? "another process" : text;
  }

  private static String self(Instant now) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "an unnamed host";
    }
    return "process " + ProcessHandle.current().pid() + " on " + host + " since " + now;
  }

  /** The file stays: removing it would let two processes lock two files of one name. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
