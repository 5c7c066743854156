package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.BlobStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A blob store in a folder: content lies under its digest's hexadecimal digits, two levels deep, as
 * in {@code ab/cd/abcd…}. It is written to a file in the folder {@code incoming}, forced to the
 * disk and then moved, so that a name never stands for anything but its whole content, whatever
 * crashes and whoever else puts the same. What a crash leaves in {@code incoming} may be deleted
 * while no process uses the folder.
 *
 * <p>Thread-safe; several processes may share the folder.
 */
public final class FileBlobStore implements BlobStore {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final Path incoming;

  private FileBlobStore(Path folder) {
    this.folder = folder;
    this.incoming = folder.resolve("incoming");
  }

  /** The store in {@code folder}, which is created if need be. */
  public static FileBlobStore open(Path folder) throws IOException {
    FileBlobStore store = new FileBlobStore(folder.toAbsolutePath());
    Files.createDirectories(store.incoming);
    return store;
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    Path file = Files.createTempFile(incoming, "put-", "");
    try {
      Digest digest = write(content, file);
      Path shelf = shelf(digest);
      Files.createDirectories(shelf);
      Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
      forceNames(shelf);
      return digest;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Digest write(InputStream content, Path file) throws IOException {
    MessageDigest sha = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    return Digest.finish(sha);
  }

  /** Makes the names on the way down durable. */
  private void forceNames(Path from) throws IOException {
    for (Path at = from; at != null && at.startsWith(folder); at = at.getParent()) {
      FileChannel names;
      try {
        names = FileChannel.open(at, StandardOpenOption.READ);
      } catch (IOException e) {
        return; // Windows opens no folder, and needs no forcing of names.
      }
      try (names) {
        names.force(true);
      }
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    try {
      return Files.newInputStream(path(digest));
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException("no blob " + digest);
    }
  }

  @Override
  public boolean contains(Digest digest) {
    return Files.isRegularFile(path(digest));
  }

  @Override
  public void delete(Digest digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }

  private Path path(Digest digest) {
    return shelf(digest).resolve(digest.hex());
  }

  private Path shelf(Digest digest) {
    String hex = digest.hex();
    return folder.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4));
  }
}
