package io.powernode.dim.jdbc.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/**
 * A connection between an orchestrator's process and its auditor: lines of text, their fields apart
 * by tabs. What was told arrives even if the process is killed at once.
 */
final class Wire implements Closeable {
  private final Socket socket;
  private final BufferedReader in;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    socket.setTcpNoDelay(true);
  }

  /** Connects to the auditor, and says who this is. */
  static Wire connect(int port, String... hello) throws IOException {
    Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    wire.tell(hello);
    return wire;
  }

  synchronized void tell(String... fields) throws IOException {
    String line = String.join("\t", fields).replace('\n', ' ') + "\n";
    socket.getOutputStream().write(line.getBytes(UTF_8));
  }

  /** Tells, and waits for the answer. */
  synchronized List<String> ask(String... fields) throws IOException {
    tell(fields);
    return read();
  }

  /** The next line; {@link EOFException} if there is none. */
  List<String> read() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new EOFException();
    }
    return List.of(line.split("\t", -1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
