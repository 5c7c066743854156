package io.powernode.dim.jdbc.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and a PostgreSQL server, and now and then cuts a connection where it hurts
 * most: the server has committed, the client does not hear of it; or the client has asked, the
 * server does not hear of it. Speaks the PostgreSQL protocol, version 3, without encryption, as far
 * as it needs to.
 */
final class CuttingProxy implements Closeable {
  private static final int COMMITS = 40;
  private static final int REQUESTS = 400;
  private static final char COMMAND_COMPLETE = 'C';

  private final ServerSocket door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  private final int server;
  private final Random random;
  private final AtomicInteger cutAfterCommit = new AtomicInteger();

  CuttingProxy(int server, long seed) throws IOException {
    this.server = server;
    this.random = new Random(seed);
    start(this::open);
  }

  /** The same database by way of the proxy. */
  String url(String direct) {
    return direct.replace(":" + server + "/", ":" + door.getLocalPort() + "/")
        + "&sslmode=disable&gssEncMode=disable";
  }

  /** How many commits took effect unheard. */
  int cutAfterCommit() {
    return cutAfterCommit.get();
  }

  private void open() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        start(() -> connect(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket postgres = new Socket(InetAddress.getLoopbackAddress(), server);
      postgres.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      start(() -> passAnswers(postgres, client));
      passRequests(client, postgres);
    } catch (IOException down) {
      close(client);
    }
  }

  private void passRequests(Socket client, Socket postgres) {
    byte[] buffer = new byte[65_536];
    try (client;
        postgres) {
      InputStream in = client.getInputStream();
      int read = in.read(buffer);
      while (read >= 0 && random.nextInt(REQUESTS) > 0) {
        postgres.getOutputStream().write(buffer, 0, read);
        read = in.read(buffer);
      }
    } catch (IOException gone) {
      return;
    }
  }

  /** Each answer is a type, a length that includes itself, and so many bytes. */
  private void passAnswers(Socket postgres, Socket client) {
    try (client;
        postgres) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(postgres.getInputStream()));
      OutputStream out = client.getOutputStream();
      ByteArrayOutputStream held = new ByteArrayOutputStream();
      while (true) {
        int type = in.readUnsignedByte();
        int length = in.readInt();
        byte[] body = in.readNBytes(length - Integer.BYTES);
        if (type == COMMAND_COMPLETE && isCommit(body) && random.nextInt(COMMITS) == 0) {
          cutAfterCommit.incrementAndGet();
          return;
        }
        DataOutputStream copy = new DataOutputStream(held);
        copy.writeByte(type);
        copy.writeInt(length);
        copy.write(body);
        if (in.available() == 0) {
          held.writeTo(out);
          held.reset();
        }
      }
    } catch (IOException gone) {
      return;
    }
  }

  private static boolean isCommit(byte[] tag) {
    return new String(tag, US_ASCII).startsWith("COMMIT");
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
