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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Sees to it that one process has a file, and has it once. The operating system holds the lock and
 * takes it back when the process dies, however it dies; beside it is written who holds it.
 */
final class FileLock implements AutoCloseable {
  /** Behind what is written, since some systems let nobody read what is locked. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final int MAX_NOTE = 1000;

  /**
   * What this process has, and since when. A process that closes a file loses all of its locks on
   * it, through whatever channel it got them (see fcntl in POSIX): a file that is locked here is
   * not opened here again.
   */
  private static final ConcurrentMap<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private FileLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks.
   *
   * @param named a file that is there
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if another holds it
   */
  static FileLock acquire(Path named, Instant now) throws IOException {
    Path file = named.toRealPath();
    String self = self(now);
    String holder = HELD.putIfAbsent(file, self);
    if (holder != null) {
      throw inUse(holder);
    }
    try {
      return new FileLock(file, locked(file, self));
    } catch (IOException | RuntimeException | Error e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static FileChannel locked(Path file, String self) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!tryLock(channel)) {
        throw inUse(note(channel));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(self), 0);
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    return channel.tryLock(LOCKED_BYTE, 1, false) != null;
  }

  private static DimException inUse(String holder) {
    return new DimException(
        ErrorInfo.of(
            ErrorCode.UNAVAILABLE,
            "the store is in use by "
                + holder
                + ": stop that process first; one SQLite file serves one process"));
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
  public synchronized void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(file);
    }
  }
}
