package io.powernode.dim.server;

import java.io.PrintWriter;

/**
 * One line that is drawn again and again, and cleared at the end. Uses no escape sequence but the
 * carriage return. Thread-safe.
 */
final class StatusLine implements AutoCloseable {
  private final PrintWriter out;
  private int drawn;
  private boolean closed;

  StatusLine(PrintWriter out) {
    this.out = out;
  }

  /** Draws over what was drawn before; nothing any more when it was closed. */
  synchronized void draw(String line) {
    if (!closed) {
      out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
      out.flush();
      drawn = line.length();
    }
  }

  /** Clears the line. */
  @Override
  public synchronized void close() {
    if (!closed && drawn > 0) {
      draw("");
      out.print('\r');
      out.flush();
    }
    closed = true;
  }
}
