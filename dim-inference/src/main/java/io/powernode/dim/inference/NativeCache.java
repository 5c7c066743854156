package io.powernode.dim.inference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Keeps a runtime's native libraries unpacked in a folder of the user's, where it would unpack them
 * into the temporary folder at every start. The folder is named after the first library's checksum
 * and checked against the jar before each use; it appears by one atomic rename, so that processes
 * that start together do not disturb each other.
 */
final class NativeCache {
  private final Path root;
  private final String runtime;
  private final List<NativeLibrary> libraries;

  /**
   * A cache.
   *
   * @param root a folder that only this user can write to; made when missing
   * @param runtime the name of runtime and platform
   * @param libraries those of this platform
   */
  NativeCache(Path root, String runtime, List<NativeLibrary> libraries) {
    this.root = root;
    this.runtime = runtime;
    this.libraries = libraries;
  }

  /** Where the operating system keeps a user's caches; empty where there is no home folder. */
  static Optional<Path> defaultRoot() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String home = System.getProperty("user.home", "");
    Optional<Path> caches;
    if (os.contains("win")) {
      caches = environment("LOCALAPPDATA");
    } else if (os.contains("mac")) {
      caches = existing(home).map(path -> path.resolve("Library").resolve("Caches"));
    } else {
      caches = environment("XDG_CACHE_HOME").or(() -> existing(home).map(p -> p.resolve(".cache")));
    }
    return caches.map(path -> path.resolve("dim"));
  }

  /**
   * A folder with the libraries of this platform. Empty where that cannot be had (no library for
   * the platform in the jar, a folder that cannot be written): the runtime then does what it does
   * without a cache.
   */
  Optional<Path> prepare() {
    if (libraries.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path folder = root.resolve("%s-%08x".formatted(runtime, libraries.get(0).checksum()));
      if (isIntact(folder)) {
        return Optional.of(folder);
      }
      unpack(folder);
      return isIntact(folder) ? Optional.of(folder) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void unpack(Path folder) throws IOException {
    Files.createDirectories(root);
    Path fresh = Files.createTempDirectory(root, folder.getFileName() + ".");
    try {
      for (NativeLibrary library : libraries) {
        try (InputStream in = library.url().openStream()) {
          Files.copy(in, fresh.resolve(library.file()));
        }
      }
      if (!rename(fresh, folder) && !isIntact(folder)) {
        replace(folder, fresh);
      }
    } finally {
      delete(fresh);
    }
  }

  /** Puts a good folder where a damaged one is, which is renamed first: others may be reading. */
  private void replace(Path damaged, Path fresh) throws IOException {
    Path aside = Files.createTempDirectory(root, damaged.getFileName() + ".");
    try {
      rename(damaged, aside);
      rename(fresh, damaged);
    } finally {
      delete(aside);
    }
  }

  /** Renames a folder to a name that is free, or an empty folder's; false where it is not. */
  private static boolean rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isIntact(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || isOpenToOthers(folder)) {
      return false;
    }
    for (NativeLibrary library : libraries) {
      Path file = folder.resolve(library.file());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || isOpenToOthers(file)
          || Files.size(file) != library.size()
          || checksum(file) != library.checksum()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOpenToOthers(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return false;
    }
    var permissions = view.readAttributes().permissions();
    return permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
      while (in.read(buffer) >= 0) {}
    }
    return crc.getValue();
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    List<Path> files;
    try (Stream<Path> listing = Files.list(folder)) {
      files = listing.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private static Optional<Path> environment(String name) {
    String value = System.getenv(name);
    return value == null ? Optional.empty() : existing(value);
  }

  private static Optional<Path> existing(String folder) {
    return folder.isEmpty() || !Path.of(folder).isAbsolute()
        ? Optional.empty()
        : Optional.of(Path.of(folder));
  }

  /** Why a library did not load: the innermost message, without the folders in it. */
  static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return (cause.getClass().getSimpleName() + ": " + message).replaceAll("\\S*[/\\\\]", "");
  }
}
