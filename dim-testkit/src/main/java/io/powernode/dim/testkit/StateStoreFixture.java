package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StoredValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh store for each test, and short ways to write to it. */
abstract class StateStoreFixture {
  static final int WAIT_SECONDS = 20;
  static final int CHANGES_KEPT = 1000;

  private final AtomicLong transactions = new AtomicLong();
  private final List<Subscription> watches = new ArrayList<>();
  StateStore store;

  /**
   * A new, empty store.
   *
   * @param changesKept how many changes of each stream it should keep for watchers; it may keep
   *     more
   */
  protected abstract StateStore create(int changesKept) throws Exception;

  /** Lets time pass on the clock that the store judges by: a real clock is waited for. */
  protected abstract void pass(Duration time) throws Exception;

  /**
   * Opens a closed store again on what it kept. Called only for stores whose durability is not
   * {@link StateStore.Durability#NONE}.
   */
  protected StateStore reopen() throws Exception {
    throw new UnsupportedOperationException("a durable store's contract test must override reopen");
  }

  @BeforeEach
  void createStore() throws Exception {
    store = create(CHANGES_KEPT);
  }

  @AfterEach
  void closeStore() {
    watches.forEach(Subscription::close);
    store.close();
  }

  CommitResult commit(String stream, List<Guard> guards, Write... writes) {
    return await(new Commit(stream, freshId(), guards, List.of(writes)));
  }

  CommitResult commit(String stream, Write... writes) {
    return commit(stream, List.of(), writes);
  }

  CommitResult await(Commit commit) {
    return store.commit(commit).toCompletableFuture().orTimeout(WAIT_SECONDS, SECONDS).join();
  }

  Heard watch(String stream, long after) {
    Heard heard = new Heard();
    watch(stream, after, heard);
    return heard;
  }

  void watch(String stream, long after, Consumer<Change> changes) {
    watches.add(store.watch(stream, after, changes));
  }

  String freshId() {
    return "tx-" + transactions.incrementAndGet();
  }

  List<String> scanAll(String index, String prefix) {
    return store.scan(index, prefix, Optional.empty(), 1000).entries().stream()
        .map(Entry::key)
        .toList();
  }

  static Write put(String key, String text) {
    return Write.Put.of(key, value(text));
  }

  static Write put(String key, String text, Map<String, String> indexes) {
    return new Write.Put(key, value(text), indexes);
  }

  static StoredValue value(String text) {
    return StoredValue.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Entry entry) {
    return new String(entry.value().bytes(), StandardCharsets.UTF_8);
  }

  static CommitResult committed(long at) {
    return new CommitResult.Committed(at);
  }

  /** Keeps what a watcher hears, on whatever thread it is told. */
  static final class Heard implements Consumer<Change> {
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();

    @Override
    public void accept(Change change) {
      changes.add(change);
    }

    boolean isEmpty() {
      return changes.isEmpty();
    }

    Change next() throws InterruptedException {
      Change change = changes.poll(WAIT_SECONDS, SECONDS);
      assertThat(change).as("a change within %d s", WAIT_SECONDS).isNotNull();
      return change;
    }

    List<Change> next(int count) throws InterruptedException {
      List<Change> heard = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        heard.add(next());
      }
      return heard;
    }
  }
}
