package io.powernode.dim.inference;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads single bytes anywhere in a file through one small buffer: what nobody looks at, as a
 * model's weights, is never read. Not thread-safe.
 */
final class WindowedFile {
  private static final int WINDOW = 1 << 14;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long start;

  WindowedFile(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  long size() {
    return size;
  }

  /** The byte at {@code position}, 0 to 255; the position must be inside the file. */
  int at(long position) {
    long offset = position - start;
    if (offset < 0 || offset >= window.limit()) {
      load(position);
      offset = 0;
    }
    return window.get((int) offset) & 0xff;
  }

  byte[] bytes(long position, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) at(position + i);
    }
    return bytes;
  }

  private void load(long position) {
    start = position;
    window.clear();
    try {
      while (window.hasRemaining() && channel.read(window, position + window.position()) > 0) {}
      if (window.position() == 0) {
        throw new EOFException("the file became shorter");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      window.flip();
    }
  }
}
