package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a listener must bear. An orchestrator guards itself against a bad one, so it is the listener
 * that loses updates or holds up its own.
 */
public abstract class JobListenerContract {
  private static final int JOBS = 8;
  private static final int UPDATES = 50;

  /** For subclasses. */
  protected JobListenerContract() {}

  /** A fresh listener. */
  protected abstract JobListener create();

  @Test
  void onUpdate_everyState_doesNotThrow() {
    JobListener listener = create();
    for (JobState state : JobState.values()) {
      assertThatCode(() -> listener.onUpdate(update("job-1", 1, state))).doesNotThrowAnyException();
    }
  }

  @Test
  void onUpdate_ofAJobInOrder_doesNotThrow() {
    JobListener listener = create();
    assertThatCode(() -> tell(listener, "job-1")).doesNotThrowAnyException();
  }

  @Test
  @Timeout(60)
  void onUpdate_manyJobsAtOnce_doesNotThrow() throws InterruptedException {
    JobListener listener = create();
    ExecutorService threads = Executors.newFixedThreadPool(JOBS);
    try {
      List<CompletableFuture<Void>> jobs =
          IntStream.range(0, JOBS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> tell(listener, "job-" + i), threads))
              .toList();
      assertThat(jobs).allSatisfy(job -> assertThatCode(job::join).doesNotThrowAnyException());
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void tell(JobListener listener, String jobId) {
    listener.onUpdate(update(jobId, 1, JobState.PENDING));
    for (int i = 2; i < UPDATES; i++) {
      listener.onUpdate(update(jobId, i, JobState.RUNNING));
    }
    listener.onUpdate(update(jobId, UPDATES, JobState.COMPLETED));
  }

  private static JobUpdate update(String jobId, long sequence, JobState state) {
    int done = (int) Math.min(sequence, UPDATES);
    return new JobUpdate(jobId, sequence, state, new Progress(done, UPDATES), Instant.EPOCH);
  }
}
