package io.powernode.dim.spi;

import io.powernode.dim.api.Digest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * A blob store in a folder: content lies under its digest's hexadecimal digits, two levels deep, as
 * in {@code ab/cd/abcd…}. It is written to a file in the folder {@code incoming}, forced to the
 * disk and then moved, so that a name never stands for anything but its whole content, whatever
 * crashes and whoever else puts the same. What a crash leaves in {@code incoming} may be deleted
 * while no process uses the folder. Files, and folders that are made, are for their owner only.
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
    FileBlobStore store = at(folder);
    Files.createDirectories(store.incoming, privately());
    return store;
  }

  /** The store in {@code folder}, which is created, if need be, when content is first put. */
  public static FileBlobStore at(Path folder) {
    return new FileBlobStore(folder.toAbsolutePath());
  }

  private static FileAttribute<?>[] privately() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Whether there is no file in the folder, nor one that a crash left in {@code incoming}. */
  public boolean isEmpty() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.noneMatch(Files::isRegularFile);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    Files.createDirectories(incoming, privately());
    Path file = Files.createTempFile(incoming, "put-", "");
    try {
      Digest digest = write(content, file);
      Files.createDirectories(innerFolder(digest), privately());
      Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
      for (Path named : List.of(innerFolder(digest), outerFolder(digest), folder)) {
        forceNames(named);
      }
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

  /** Makes the names in a folder durable. */
  private static void forceNames(Path folder) throws IOException {
    FileChannel names;
    try {
      names = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // Windows opens no folder, and needs no forcing of names.
    }
    try (names) {
      names.force(true);
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

  private Path outerFolder(Digest digest) {
    return folder.resolve(digest.hex().substring(0, 2));
  }

  private Path innerFolder(Digest digest) {
    return outerFolder(digest).resolve(digest.hex().substring(2, 4));
  }

  private Path path(Digest digest) {
    return innerFolder(digest).resolve(digest.hex());
  }
}
