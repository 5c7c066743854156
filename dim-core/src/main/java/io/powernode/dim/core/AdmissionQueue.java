package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Priority;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which job runs next. So many run at once; the others wait, a bounded number of them.
 *
 * <p>Within a priority, users take turns (round robin, as in J. Nagle, "On Packet Switches With
 * Infinite Storage", RFC 970, 1985), and a user's own jobs go in order of arrival. Between
 * priorities, the job whose turn it is counts as {@link #AGEING} older for each level of priority,
 * and the oldest goes first. So a high job overtakes a low one that came up to twice that time
 * earlier, no job waits for ever, and the order depends on nothing but the calls and the clock.
 *
 * <p>Thread-safe. Every call takes constant time. Jobs are started one after the other, in order,
 * on a thread that called, never under the lock.
 */
final class AdmissionQueue {
  /** The head start that a level of priority is worth. */
  static final Duration AGEING = Duration.ofSeconds(30);

  /** The subject of a refusal under which the seconds to wait stand. */
  static final String RETRY_AFTER = "retryAfterSeconds";

  private static final Priority[] HIGHEST_FIRST = {Priority.HIGH, Priority.NORMAL, Priority.LOW};

  private final Environment environment;
  private final int maxRunning;
  private final int maxWaiting;
  private final Consumer<String> starter;

  private final ReentrantLock lock = new ReentrantLock();
  private final TurnTaking[] levels = {new TurnTaking(), new TurnTaking(), new TurnTaking()};
  private final Map<String, WaitingJob> waiting = new HashMap<>();
  private final Set<String> running = new HashSet<>();
  private final Deque<String> due = new ArrayDeque<>();
  private final Throughput throughput = new Throughput();
  private int reserved;
  private boolean starting;

  /**
   * An empty queue.
   *
   * @param maxRunning how many jobs run at once; 1 or more
   * @param maxWaiting how many may wait; 0 or more
   * @param starter starts the job of an id, quickly and without throwing; may call this queue
   */
  AdmissionQueue(
      Environment environment, int maxRunning, int maxWaiting, Consumer<String> starter) {
    Ranges.require(maxRunning >= 1, "maxConcurrentJobs", "1 or more");
    Ranges.require(maxWaiting >= 0, "maxQueuedJobs", "0 or more");
    this.environment = environment;
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
    this.starter = starter;
  }

  /** Room for a job that is about to be accepted, until it is added or this is closed. */
  final class Place implements AutoCloseable {
    private boolean held = true;

    private Place() {}

    @Override
    public void close() {
      lock.lock();
      try {
        reserved -= held ? 1 : 0;
        held = false;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * To be asked for before a new job is accepted, since no bound may refuse it later.
   *
   * @throws DimException with {@link ErrorCode#OVERLOADED} if it would have to wait and too many
   *     do; the message and the subject {@link #RETRY_AFTER} say when to try again
   */
  Place reserve() {
    lock.lock();
    try {
      if ((long) running.size() + waiting.size() + reserved >= (long) maxRunning + maxWaiting) {
        throw overloaded();
      }
      reserved++;
      return new Place();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a job that was accepted earlier: no bound may refuse it now.
   *
   * @return whether it got a free slot at once; if not, it waits
   */
  boolean add(String jobId, String userId, Priority priority) {
    return add(jobId, userId, priority, () -> {});
  }

  /**
   * Takes a job that was just accepted.
   *
   * @param place that was reserved for it, and is used up
   * @return whether it got a free slot at once; if not, it waits
   */
  boolean add(String jobId, String userId, Priority priority, Place place) {
    return add(jobId, userId, priority, place::close);
  }

  private boolean add(String jobId, String userId, Priority priority, Runnable first) {
    WaitingJob job = new WaitingJob(jobId, userId, priority, environment.nanoTime());
    boolean started;
    lock.lock();
    try {
      first.run();
      if (running.contains(jobId) || waiting.containsKey(jobId)) {
        throw new IllegalArgumentException("jobId: is already in the queue; allowed: a new one");
      }
      waiting.put(jobId, job);
      levels[priority.ordinal()].add(job);
      admit();
      started = running.contains(jobId);
    } finally {
      lock.unlock();
    }
    startDue();
    return started;
  }

  /**
   * Gives a job a free slot for which no other waits, without calling the starter: the caller
   * starts it.
   *
   * @param place that was reserved for it, and is used up if it has the slot
   * @return whether it has the slot; if not, nothing happened
   */
  boolean tryStart(String jobId, Place place) {
    lock.lock();
    try {
      if (!waiting.isEmpty() || running.size() >= maxRunning || !running.add(jobId)) {
        return false;
      }
      place.close();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The job no longer runs: its slot is free. Nothing happens if it has none. */
  void release(String jobId) {
    lock.lock();
    try {
      if (!running.remove(jobId)) {
        return;
      }
      throughput.freed(environment.nanoTime(), !waiting.isEmpty());
      admit();
    } finally {
      lock.unlock();
    }
    startDue();
  }

  /** Takes a waiting job out; false if it does not wait, as when it already started. */
  boolean remove(String jobId) {
    lock.lock();
    try {
      WaitingJob job = waiting.remove(jobId);
      if (job == null) {
        return false;
      }
      levels[job.priority().ordinal()].remove(job);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many jobs have a slot. */
  int running() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many jobs wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Gives free slots to waiting jobs. Under the lock. */
  private void admit() {
    while (running.size() < maxRunning) {
      WaitingJob next = next();
      if (next == null) {
        return;
      }
      waiting.remove(next.jobId());
      levels[next.priority().ordinal()].took(next);
      running.add(next.jobId());
      due.add(next.jobId());
    }
  }

  private @Nullable WaitingJob next() {
    WaitingJob best = null;
    for (Priority priority : HIGHEST_FIRST) {
      WaitingJob candidate = levels[priority.ordinal()].peek();
      if (candidate != null && (best == null || candidate.rank() - best.rank() < 0)) {
        best = candidate;
      }
    }
    return best;
  }

  /**
   * Calls the starter for every due job, unless a call further up the stack or on another thread is
   * doing it: that keeps the order, and the stack flat when jobs end as soon as they start.
   */
  private void startDue() {
    for (String jobId = claim(); jobId != null; jobId = claim()) {
      try {
        starter.accept(jobId);
      } finally {
        lock.lock();
        starting = false;
        lock.unlock();
      }
    }
  }

  private @Nullable String claim() {
    lock.lock();
    try {
      if (starting || due.isEmpty()) {
        return null;
      }
      starting = true;
      return due.poll();
    } finally {
      lock.unlock();
    }
  }

  private DimException overloaded() {
    long seconds = throughput.secondsToNextSlot();
    String message =
        "the job queue is full: " + waiting.size() + " wait; try again in " + seconds + " s";
    return new DimException(
        ErrorInfo.of(ErrorCode.OVERLOADED, message).about(RETRY_AFTER, Long.toString(seconds)));
  }
}
