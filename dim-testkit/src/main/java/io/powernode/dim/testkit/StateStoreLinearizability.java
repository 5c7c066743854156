package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StoredValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Every {@link StateStore} must behave under many threads as if it were called by one at a time:
 * its commits, whole and guarded, numbered without gaps in each stream, and what is read of them.
 * Extend it, and say how to create a store. Threads do what is drawn from a seed; how they meet is
 * up to the machine, so that a failure may not come back, but never comes without a fault.
 */
public abstract class StateStoreLinearizability {
  private static final int THREADS = 4;
  private static final int WAIT_SECONDS = 60;

  /** For subclasses. */
  protected StateStoreLinearizability() {}

  /** A new, empty store; closed after the test. */
  protected abstract StateStore create() throws Exception;

  /** How many histories are tried; each has some forty calls. 300 unless said otherwise. */
  protected int rounds() {
    return 300;
  }

  @Test
  void calls_ofManyThreads_areAsIfOneCameAfterTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (StateStore store = create()) {
      for (int round = 0; round < rounds(); round++) {
        StoreHistory history = new Round(store, round).run(threads);
        assertThat(history.isLinearizable())
            .as(() -> "linearizable:\n" + String.join("\n", lines(history)))
            .isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> lines(StoreHistory history) {
    return history.calls().stream().map(Object::toString).toList();
  }

  /** Some threads on keys and streams that no other round uses. */
  private static final class Round {
    private final StateStore store;
    private final int number;
    private final StateStore.Session session;
    private final AtomicLong clock = new AtomicLong();
    private final StoreHistory history = new StoreHistory();

    Round(StateStore store, int number) {
      this.store = store;
      this.number = number;
      this.session = store.open("round", Duration.ofHours(1));
    }

    StoreHistory run(ExecutorService threads) throws Exception {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Caller caller = new Caller(i);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  caller.run();
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : running) {
        one.get(WAIT_SECONDS, SECONDS);
      }
      return history;
    }

    /** One thread. */
    private final class Caller {
      private static final int TURNS = 5;

      private final int thread;
      private final SplittableRandom random;
      private final Map<String, Long> versions = new HashMap<>();
      private int made;

      Caller(int thread) {
        this.thread = thread;
        this.random = new SplittableRandom(31L * number + thread);
      }

      void run() {
        for (int turn = 0; turn < TURNS; turn++) {
          int drawn = random.nextInt(10);
          if (drawn < 4) {
            read(key());
          } else if (drawn == 4 && thread == 0) {
            close();
          } else {
            commit(1 + random.nextInt(3));
          }
        }
      }

      private String key() {
        return "round" + number + "/" + random.nextInt(3);
      }

      private void read(String key) {
        long begin = clock.incrementAndGet();
        Optional<StoreCall.Value> value =
            store.get(key).map(e -> StoreCall.Value.of(e.version(), e.value().bytes()));
        ended(new StoreCall.Reading(key, value), begin, clock.incrementAndGet(), Optional.empty());
        value.ifPresentOrElse(v -> versions.put(key, v.version()), () -> versions.remove(key));
      }

      private void close() {
        long begin = clock.incrementAndGet();
        session.close();
        ended(
            new StoreCall.Closing(session.epoch()),
            begin,
            clock.incrementAndGet(),
            Optional.empty());
      }

      /** Hands in some commits before it waits for the first. */
      private void commit(int count) {
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          Commit commit = draw();
          String sequence = thread + " in " + commit.stream();
          long begin = clock.incrementAndGet();
          answers.add(
              store
                  .commit(commit)
                  .toCompletableFuture()
                  .thenAccept(
                      result ->
                          ended(
                              new StoreCall.Committing(commit, resolved(result)),
                              begin,
                              clock.incrementAndGet(),
                              Optional.of(sequence))));
        }
        answers.forEach(answer -> answer.orTimeout(WAIT_SECONDS, SECONDS).join());
      }

      /** An answer that was lost is looked up; then the number is not known. */
      private CommitResult resolved(CommitResult result) {
        return result instanceof CommitResult.Unknown unknown
            ? store.lookup(unknown.transactionId()) == Outcome.ABSENT
                ? new CommitResult.Refused("lost")
                : new CommitResult.Committed(StoreCall.NUMBER_NOT_KNOWN)
            : result;
      }

      private Commit draw() {
        String first = key();
        String second = key();
        List<Guard> guards = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        guards.add(guard(first));
        if (random.nextInt(4) == 0) {
          guards.add(
              random.nextBoolean()
                  ? new Guard.LiveSession(session.epoch())
                  : new Guard.EndedSession(session.epoch()));
        }
        writes.add(write(first));
        if (!second.equals(first)) {
          writes.add(write(second));
        }
        String stream = "round" + number + "/stream" + (thread + random.nextInt(2)) / 2 % 2;
        return new Commit(stream, "tx-" + number + "-" + thread + "-" + ++made, guards, writes);
      }

      /** Mostly one that may hold, by what this thread has seen. */
      private Guard guard(String key) {
        Long version = versions.get(key);
        return version == null || random.nextInt(5) == 0
            ? new Guard.Absent(key)
            : new Guard.AtVersion(key, version + random.nextInt(2));
      }

      private Write write(String key) {
        if (random.nextInt(6) == 0) {
          return new Write.Delete(key);
        }
        String text = thread + "-" + made + "-" + random.nextInt(1_000);
        return Write.Put.of(key, StoredValue.of(text.getBytes(StandardCharsets.UTF_8)));
      }

      private void ended(StoreCall call, long begin, long end, Optional<String> sequence) {
        history.add(new StoreHistory.Happening(call, begin, end, sequence));
      }
    }
  }
}
