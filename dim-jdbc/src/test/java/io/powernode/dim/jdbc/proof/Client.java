package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A user who hands jobs in and sees each of them to its end, whatever happens to the processes that
 * run them: asks again, hands in again under the same key, answers reviews, changes their mind.
 */
final class Client {
  private static final long POLL_NANOS = 60_000_000;
  private static final int MOST_POLLS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Fleet fleet;
  private final Auditor auditor;
  private final History history;
  private final SplittableRandom random;

  Client(Fleet fleet, Auditor auditor, long seed) {
    this.fleet = fleet;
    this.auditor = auditor;
    this.history = auditor.history();
    this.random = new SplittableRandom(seed);
  }

  /**
   * A job that ended.
   *
   * @param digest of everything that is known of its end
   */
  record Ended(long number, String jobId, JobState state, String error, String digest) {}

  /** Hands in a job and waits for its end. */
  Optional<Ended> see(long number) {
    String jobId = submit(number);
    auditor.claims().promised("job/" + jobId);
    history.add(jobId, "accepted, number " + number);
    boolean again = random.nextInt(4) == 0;
    int cancelAt = random.nextInt(8) == 0 ? random.nextInt(10) : -1;
    for (int poll = 0; poll < MOST_POLLS; poll++) {
      if (again && random.nextInt(10) == 0) {
        again = false;
        requireSame(jobId, number);
      }
      if (poll == cancelAt) {
        history.add(jobId, "cancel: " + ask("cancel", jobId));
      }
      Optional<Ended> ended = look(jobId, number);
      if (ended.isPresent()) {
        return ended;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    history.fault(jobId, "never ends");
    return Optional.empty();
  }

  /** The job as it stands, if it has ended. */
  Optional<Ended> look(String jobId, long number) {
    List<String> status = ask("status", jobId, Long.toString(number));
    if (!status.get(0).equals("ok")) {
      history.fault(jobId, "status: " + status);
      return Optional.empty();
    }
    JobState state = JobState.valueOf(status.get(1));
    if (state == JobState.AWAITING_REVIEW && random.nextInt(4) > 0) {
      history.add(jobId, "review: " + ask("review", jobId));
    }
    if (!state.isTerminal()) {
      return Optional.empty();
    }
    status.subList(4, status.size()).forEach(fault -> history.fault(jobId, fault));
    return Optional.of(new Ended(number, jobId, state, status.get(2), status.get(3)));
  }

  /** Handing a job in again, under the key it has, gives the same job, ended or not. */
  void requireSame(String jobId, long number) {
    String same = submit(number);
    history.add(jobId, "handed in again: " + same);
    if (!same.equals(jobId)) {
      history.fault(jobId, "was accepted again as " + same);
    }
  }

  private String submit(long number) {
    List<String> answer = ask("submit", Long.toString(number));
    if (!answer.get(0).equals("ok")) {
      history.fault("number " + number, "not accepted: " + answer);
      throw new IllegalStateException("job " + number + " is not accepted: " + answer);
    }
    return answer.get(1);
  }

  /** Asks until there is an answer that is no invitation to ask again. */
  private List<String> ask(String... command) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
      try {
        List<String> answer = fleet.any(random).ask(command);
        if (answer.get(0).equals("ok") || !answer.get(2).equals("true")) {
          return answer;
        }
        auditor.refused();
      } catch (IOException dead) {
        // The next process is asked.
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new IllegalStateException("no answer to " + String.join(" ", command));
  }
}
