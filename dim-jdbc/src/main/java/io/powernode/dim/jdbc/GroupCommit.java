package io.powernode.dim.jdbc;

import io.powernode.dim.spi.CommitResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers commits while a batch is written, and writes them together as the next one, in the order
 * in which they came. A thread of the environment writes for as long as there is work. Thread-safe.
 */
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int BATCH_COMMITS = 512;
  private static final long BATCH_BYTES = 8 << 20;
  private static final long WAITING_BYTES = 256 << 20;

  private final Executor threads;
  private final Function<List<Pending>, List<Answer>> writer;
  private final Consumer<Set<String>> onCommitted;
  private final Object lock = new Object();
  private final Queue<Pending> queue = new ArrayDeque<>();
  private CompletableFuture<?> newest = CompletableFuture.completedFuture(null);
  private long waitingBytes;
  private boolean running;
  private boolean closed;

  /**
   * A queue without commits.
   *
   * @param writer writes a batch and has the answers, in the same order
   * @param onCommitted hears which streams have new changes, before those who wait have answers
   */
  GroupCommit(
      Executor threads,
      Function<List<Pending>, List<Answer>> writer,
      Consumer<Set<String>> onCommitted) {
    this.threads = threads;
    this.writer = writer;
    this.onCommitted = onCommitted;
  }

  CompletionStage<CommitResult> add(Pending pending) {
    synchronized (lock) {
      if (closed) {
        return refused("the store is closed");
      } else if (waitingBytes > WAITING_BYTES) {
        return refused("too much waits to be written");
      }
      queue.add(pending);
      waitingBytes += pending.bytes();
      newest = pending.answer();
      if (running) {
        return pending.answer();
      }
      running = true;
    }
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException shutDown) {
      close();
      refuseAll();
    }
    return pending.answer();
  }

  /** Completes when everything handed in so far was written or refused. */
  CompletionStage<?> settled() {
    synchronized (lock) {
      return newest.handle((result, impossible) -> null);
    }
  }

  /** Refuses what comes from now on. */
  void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  private void run() {
    List<Pending> batch = next();
    while (!batch.isEmpty()) {
      List<Answer> answers = written(batch);
      if (isIdle()) {
        answer(batch, answers);
        return;
      }
      answerElsewhere(batch, answers);
      batch = next();
    }
  }

  private List<Pending> next() {
    List<Pending> batch = new ArrayList<>();
    long bytes = 0;
    synchronized (lock) {
      while (!queue.isEmpty() && batch.size() < BATCH_COMMITS && bytes < BATCH_BYTES) {
        bytes += queue.element().bytes();
        batch.add(queue.remove());
      }
      waitingBytes -= bytes;
    }
    return batch;
  }

  /** Whether nothing waits, so that this thread is free for what hangs on the answers. */
  private boolean isIdle() {
    synchronized (lock) {
      running = !queue.isEmpty();
      return !running;
    }
  }

  private List<Answer> written(List<Pending> batch) {
    List<Answer> answers;
    try {
      answers = writer.apply(batch);
      onCommitted.accept(changed(batch, answers));
    } catch (RuntimeException | Error defect) {
      LOG.error("a batch of commits failed; what became of it can be looked up", defect);
      answers = new ArrayList<>();
      for (Pending pending : batch) {
        answers.add(new Answer.Result(new CommitResult.Unknown(pending.commit().transactionId())));
      }
    }
    return answers;
  }

  private static Set<String> changed(List<Pending> batch, List<Answer> answers) {
    Set<String> streams = new HashSet<>();
    for (int i = 0; i < batch.size(); i++) {
      if (answers.get(i) instanceof Answer.Result given
          && given.result() instanceof CommitResult.Committed) {
        streams.add(batch.get(i).commit().stream());
      }
    }
    return streams;
  }

  private void answerElsewhere(List<Pending> batch, List<Answer> answers) {
    try {
      threads.execute(() -> answer(batch, answers));
    } catch (RejectedExecutionException shutDown) {
      answer(batch, answers);
    }
  }

  private static void answer(List<Pending> batch, List<Answer> answers) {
    for (int i = 0; i < batch.size(); i++) {
      answers.get(i).complete(batch.get(i));
    }
  }

  private void refuseAll() {
    List<Pending> lost;
    synchronized (lock) {
      lost = List.copyOf(queue);
      queue.clear();
      running = false;
    }
    CommitResult refused = new CommitResult.Refused("the store's environment is closed");
    lost.forEach(pending -> pending.answer().complete(refused));
  }

  private static CompletionStage<CommitResult> refused(String reason) {
    return CompletableFuture.completedFuture(new CommitResult.Refused(reason));
  }
}
