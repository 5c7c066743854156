package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Model files on disk, each in a folder named by its digest, so that nothing which a job says
 * becomes a path. A file is there whole and verified, or not at all. Those used least recently go
 * when there is no room; those in use never do. One store owns its folder. Thread-safe.
 */
final class ModelStore {
  private static final String FILE = "model";
  private static final String PART = ".part";

  private final Path folder;
  private final long maxBytes;
  private final ModelFetch fetch = new ModelFetch();
  private final Object lock = new Object();

  /** Whoever fetches a file keeps others from the same one, and from no other. */
  private final Map<Digest, ReentrantLock> fetching = new ConcurrentHashMap<>();

  /** What is there or on its way, least recently used first. Guarded by the lock. */
  private final Map<Digest, Entry> entries = new LinkedHashMap<>();

  ModelStore(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    try {
      Files.createDirectories(folder);
      list(folder).forEach(this::adopt);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Model files can be fetched here too. */
  void attach(BlobSource source) {
    fetch.attach(source);
  }

  /**
   * The verified files of a model, fetched if need be, which stay until {@link #release}.
   *
   * @throws DimException with {@link ErrorCode#MODEL_INVALID} if the content is another one or
   *     larger than the store, {@link ErrorCode#OVERLOADED} if models in use leave no room, {@link
   *     ErrorCode#UNAVAILABLE} if it cannot be fetched or stored now
   */
  ModelFiles acquire(ModelArtifact artifact) {
    ReentrantLock alone = fetching.computeIfAbsent(artifact.digest(), d -> new ReentrantLock());
    alone.lock();
    try {
      return acquireAlone(artifact);
    } finally {
      alone.unlock();
    }
  }

  private ModelFiles acquireAlone(ModelArtifact artifact) {
    Digest digest = artifact.digest();
    reserve(digest, artifact.size());
    boolean ready = false;
    try {
      Path main = home(digest).resolve(FILE);
      if (!isIntact(main, artifact)) {
        delete(home(digest));
        Path part = folder.resolve(digest.hex() + PART);
        try {
          fetch.to(part, artifact);
          Files.createDirectories(home(digest));
          Files.move(part, main, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(part);
        }
      }
      ready = true;
      return ModelFiles.of(main);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      if (!ready) {
        release(digest);
        forgetUnused(digest);
      }
    }
  }

  /** The files of a model are no longer in use. */
  void release(Digest digest) {
    synchronized (lock) {
      entries.computeIfPresent(digest, (d, entry) -> new Entry(entry.size(), entry.users() - 1));
    }
  }

  private void reserve(Digest digest, long size) {
    if (size > maxBytes) {
      throw new DimException(
          ErrorCode.MODEL_INVALID,
          "the model has %d bytes; allowed: up to the %d of the node's model store"
              .formatted(size, maxBytes));
    }
    synchronized (lock) {
      Entry before = entries.remove(digest);
      makeRoom(maxBytes - size);
      entries.put(digest, new Entry(size, before == null ? 1 : before.users() + 1));
    }
  }

  private void makeRoom(long target) {
    long used = entries.values().stream().mapToLong(Entry::size).sum();
    Iterator<Map.Entry<Digest, Entry>> oldest = entries.entrySet().iterator();
    while (used > target) {
      if (!oldest.hasNext()) {
        throw new DimException(
            ErrorCode.OVERLOADED, "models in use leave no room in the node's model store");
      }
      Map.Entry<Digest, Entry> next = oldest.next();
      if (next.getValue().users() == 0) {
        delete(home(next.getKey()));
        used -= next.getValue().size();
        oldest.remove();
      }
    }
  }

  private void forgetUnused(Digest digest) {
    synchronized (lock) {
      entries.computeIfPresent(digest, (d, entry) -> entry.users() == 0 ? null : entry);
    }
  }

  private Path home(Digest digest) {
    return folder.resolve(digest.hex());
  }

  /** Takes over what an earlier run left: whole files stay, half ones go. */
  private void adopt(Path left) {
    String name = left.getFileName().toString();
    Path main = left.resolve(FILE);
    if (Digest.isValid("sha256:" + name) && Files.isRegularFile(main)) {
      entries.put(new Digest("sha256:" + name), new Entry(main.toFile().length(), 0));
    } else if (name.endsWith(PART)) {
      delete(left);
    }
  }

  private static boolean isIntact(Path main, ModelArtifact artifact) throws IOException {
    if (!Files.isRegularFile(main) || Files.size(main) != artifact.size()) {
      return false;
    }
    try (InputStream content = Files.newInputStream(main)) {
      return Digest.of(content).equals(artifact.digest());
    }
  }

  /** Deletes a file, or a folder with all that is in it; nothing happens if it is not there. */
  static void delete(Path path) {
    try {
      if (Files.isDirectory(path)) {
        list(path).forEach(ModelStore::delete);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static DimException failed(IOException cause) {
    return new DimException(
        ErrorInfo.of(ErrorCode.UNAVAILABLE, "the node's model store cannot be used"), cause);
  }

  private record Entry(long size, int users) {}
}
