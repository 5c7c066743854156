package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Commits the writes of one job strictly in order: one commit is under way at a time and takes
 * along everything that came meanwhile, so that a crash loses only a suffix. Every commit demands
 * that this orchestrator's session lives and that nobody else has touched the job. Thread-safe.
 */
final class JobWriter {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Tenure tenure;
  private final String jobKey;
  private final Runnable onFenced;
  private final Object lock = new Object();
  private long version;
  private Map<String, Write> pending = new LinkedHashMap<>();
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private boolean underWay;
  private boolean fenced;

  JobWriter(Tenure tenure, String jobId, long version, Runnable onFenced) {
    this.tenure = tenure;
    this.jobKey = Keys.job(jobId);
    this.version = version;
    this.onFenced = onFenced;
  }

  /** Hands in writes; the future completes when they, and all before them, are durable. */
  CompletableFuture<Void> write(List<Write> writes) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    synchronized (lock) {
      if (fenced) {
        return CompletableFuture.failedFuture(fencedError());
      }
      for (Write write : writes) {
        pending.put(write.key(), write);
      }
      waiting.add(durable);
      if (underWay) {
        return durable;
      }
      underWay = true;
    }
    commitPending();
    return durable;
  }

  /** Completes when everything handed in so far is durable. */
  CompletableFuture<Void> flushed() {
    synchronized (lock) {
      if (!underWay && !fenced) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return write(List.of());
  }

  private void commitPending() {
    Batch batch;
    synchronized (lock) {
      if (pending.isEmpty() && waiting.isEmpty()) {
        underWay = false;
        return;
      }
      batch = new Batch(List.copyOf(pending.values()), waiting);
      pending = new LinkedHashMap<>();
      waiting = new ArrayList<>();
    }
    if (batch.writes.isEmpty()) {
      committed(batch);
    } else {
      commit(batch);
    }
  }

  private void commit(Batch batch) {
    Commit commit;
    synchronized (lock) {
      List<Guard> guards =
          List.of(new Guard.LiveSession(tenure.epoch()), new Guard.AtVersion(jobKey, version));
      commit = tenure.commit(guards, batch.writes);
    }
    tenure.store().commit(commit).thenAccept(result -> answered(batch, result));
  }

  private void answered(Batch batch, CommitResult result) {
    if (result instanceof CommitResult.Committed) {
      committed(batch);
    } else if (result instanceof CommitResult.Refused) {
      tenure.environment().schedule(RETRY, () -> commit(batch));
    } else if (result instanceof CommitResult.Unknown unknown) {
      tenure.environment().execute(() -> resolve(batch, unknown.transactionId()));
    } else {
      refuse(batch);
    }
  }

  private void resolve(Batch batch, String transactionId) {
    try {
      if (tenure.store().lookup(transactionId) == StateStore.Outcome.COMMITTED) {
        committed(batch);
      } else {
        commit(batch);
      }
    } catch (DimException unavailable) {
      tenure
          .environment()
          .schedule(RETRY, () -> tenure.environment().execute(() -> resolve(batch, transactionId)));
    }
  }

  private void committed(Batch batch) {
    synchronized (lock) {
      if (batch.writes.stream().anyMatch(write -> write.key().equals(jobKey))) {
        version++;
      }
    }
    batch.waiting.forEach(future -> future.complete(null));
    commitPending();
  }

  private void refuse(Batch batch) {
    List<CompletableFuture<Void>> lost = new ArrayList<>(batch.waiting);
    synchronized (lock) {
      fenced = true;
      lost.addAll(waiting);
      waiting = new ArrayList<>();
      pending = new LinkedHashMap<>();
    }
    onFenced.run();
    lost.forEach(future -> future.completeExceptionally(fencedError()));
  }

  private static DimException fencedError() {
    return new DimException(
        ErrorInfo.of(ErrorCode.FENCED, "another orchestrator owns the job, or the session ended"));
  }

  /** Writes that are committed together, and who waits for them. */
  private record Batch(List<Write> writes, List<CompletableFuture<Void>> waiting) {}
}
