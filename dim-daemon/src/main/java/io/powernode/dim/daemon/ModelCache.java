package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loaded models, shared by all tasks that run them: one for each file and what its descriptor says
 * of inputs, outputs and labels, which a loader checks and builds in. A model is loaded once, even
 * when many ask for it at once; while anybody has a lease on it, it is neither evicted nor closed.
 * Thread-safe.
 */
final class ModelCache {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final ErrorInfo NOT_LOADED =
      ErrorInfo.of(ErrorCode.MODEL_INVALID, "the model could not be loaded");

  private final ModelStore store;
  private final Loaders loaders;
  private final int maxModels;
  private final long maxBytes;
  private final Object lock = new Object();

  /** Least recently used first. Guarded by the lock, as the entries' mutable fields are. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  private boolean closed;

  /** A cache that keeps at most so many models, and bytes of models, that nobody uses. */
  ModelCache(ModelStore store, Loaders loaders, int maxModels, long maxBytes) {
    this.store = store;
    this.loaders = loaders;
    this.maxModels = maxModels;
    this.maxBytes = maxBytes;
  }

  /** The formats that can be loaded. */
  Set<String> formats() {
    return loaders.formats();
  }

  /** Refuses a format that cannot be loaded. */
  void requireFormat(String format) {
    loaders.require(format);
  }

  /** Model files can be had here too. */
  void attach(BlobSource source) {
    store.attach(source);
  }

  /** The ids under which loaded models are known. */
  Set<String> warm() {
    synchronized (lock) {
      Set<String> ids = new TreeSet<>();
      entries.values().stream()
          .filter(entry -> entry.isLoaded())
          .forEach(entry -> ids.addAll(entry.ids));
      return ids;
    }
  }

  /** How many rows it pays to run together; 1 while the model is not loaded. */
  int jointRows(ModelDescriptor descriptor) {
    synchronized (lock) {
      Entry entry = entries.get(Key.of(descriptor));
      return entry == null || !entry.isLoaded() ? 1 : entry.model.join().jointRows();
    }
  }

  /**
   * A lease on the loaded model; blocks while it is being loaded.
   *
   * @throws DimException as store and loader say; the next call tries again
   */
  Lease acquire(ModelDescriptor descriptor) {
    Entry entry;
    boolean mine = false;
    synchronized (lock) {
      if (closed) {
        throw new DimException(ErrorCode.UNAVAILABLE, "the node is closed");
      }
      Key key = Key.of(descriptor);
      entry = entries.remove(key);
      if (entry == null) {
        entry = new Entry(key, descriptor.artifact().size());
        mine = true;
      }
      entries.put(key, entry);
      entry.leases++;
      entry.ids.add(descriptor.id());
    }
    if (mine) {
      load(entry, descriptor);
    }
    try {
      return new Lease(entry, Failures.join(entry.model, NOT_LOADED));
    } catch (DimException e) {
      release(entry);
      throw e;
    }
  }

  private void load(Entry entry, ModelDescriptor descriptor) {
    boolean stored = false;
    try {
      ModelLoader loader = loaders.require(descriptor.artifact().format());
      ModelFiles files = store.acquire(descriptor.artifact());
      stored = true;
      Model model = loader.load(descriptor, files, LoadOptions.standard());
      synchronized (lock) {
        entry.bytes = model.memoryBytes().orElse(entry.bytes);
      }
      entry.model.complete(model);
      // A loader may fail with anything, a missing library included, and others wait for it.
    } catch (Throwable e) {
      if (stored) {
        store.release(entry.key.digest());
      }
      synchronized (lock) {
        entries.remove(entry.key, entry);
      }
      entry.model.completeExceptionally(e);
    }
  }

  private void release(Entry entry) {
    List<Entry> evicted;
    synchronized (lock) {
      entry.leases--;
      evicted = evict();
      lock.notifyAll();
    }
    evicted.forEach(this::close);
  }

  /** Takes what is too much out of the cache, oldest first, and never what is leased. */
  private List<Entry> evict() {
    List<Entry> evicted = new ArrayList<>();
    int count = entries.size();
    long bytes = 0;
    for (Entry entry : entries.values()) {
      bytes += entry.bytes;
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext() && (closed || count > maxModels || bytes > maxBytes)) {
      Entry entry = oldest.next();
      if (entry.leases == 0) {
        oldest.remove();
        evicted.add(entry);
        count--;
        bytes -= entry.bytes;
      }
    }
    return evicted;
  }

  private void close(Entry entry) {
    try {
      entry.model.join().close();
    } catch (RuntimeException e) {
      LOG.debug("model {} did not close well", entry.key.digest(), e);
    } finally {
      store.release(entry.key.digest());
    }
  }

  /** Refuses new leases, waits for those that are out, and closes all models. */
  void close() throws InterruptedException {
    List<Entry> evicted;
    synchronized (lock) {
      closed = true;
      while (entries.values().stream().anyMatch(entry -> entry.leases > 0)) {
        lock.wait();
      }
      evicted = evict();
    }
    evicted.forEach(this::close);
  }

  /** Whatever makes two loaded models differ. */
  private record Key(Digest digest, Signature signature, List<String> labels) {
    static Key of(ModelDescriptor model) {
      return new Key(model.artifact().digest(), model.signature(), model.labels());
    }
  }

  /** The right to use a loaded model until it is closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;
    private final Model model;

    private Lease(Entry entry, Model model) {
      this.entry = entry;
      this.model = model;
    }

    Model model() {
      return model;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  private static final class Entry {
    private final Key key;
    private final CompletableFuture<Model> model = new CompletableFuture<>();
    private final Set<String> ids = new TreeSet<>();
    private long bytes;
    private int leases;

    private Entry(Key key, long bytes) {
      this.key = key;
      this.bytes = bytes;
    }

    private boolean isLoaded() {
      return model.isDone() && !model.isCompletedExceptionally();
    }
  }
}
