package io.powernode.dim.core;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates of jobs that have not ended, whoever owns them, so that listeners hear a job to its
 * end although its owner changes. What runs here is announced by its run; a job that somebody
 * listens to and that runs elsewhere is looked at from time to time. Thread-safe.
 */
final class UpdateBoard {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateBoard.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Environment environment;
  private final JobBook book;
  private final List<JobListener> always;
  private final Predicate<String> isLive;
  private final Map<String, Updates> open = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * A board.
   *
   * @param always hear the updates of all jobs that run here
   * @param isLive whether a job runs here
   */
  UpdateBoard(
      Environment environment, JobBook book, List<JobListener> always, Predicate<String> isLive) {
    this.environment = environment;
    this.book = book;
    this.always = List.copyOf(always);
    this.isLive = isLive;
  }

  /** The updates of a job that runs here from now on. */
  Updates open(JobRecord record) {
    Updates updates = open.computeIfAbsent(record.jobId(), id -> made(record));
    updates.listen(always);
    updates.publish(record.state(), record.account().progress());
    return updates;
  }

  /** Hears the latest update of a job, then every later one. */
  Subscription subscribe(String jobId, JobListener listener) {
    List<Subscription> made = new ArrayList<>(1);
    open.computeIfPresent(jobId, (id, updates) -> subscribed(updates, listener, made));
    if (made.isEmpty()) {
      JobRecord record = book.require(jobId).record();
      if (record.state().isTerminal()) {
        return made(record).subscribe(listener);
      }
      open.compute(
          jobId, (id, known) -> subscribed(known == null ? made(record) : known, listener, made));
    }
    left(jobId);
    return made.get(0);
  }

  /** Within the map's own lock, so that what somebody listens to is not dropped as unheard. */
  private static Updates subscribed(
      Updates updates, JobListener listener, List<Subscription> made) {
    made.add(updates.subscribe(listener));
    return updates;
  }

  /** A job may not run here any more: if it has not ended, it is looked at from now on. */
  void left(String jobId) {
    if (open.containsKey(jobId) && !isLive.test(jobId)) {
      lookLater();
    }
  }

  void close() {
    closed = true;
  }

  private Updates made(JobRecord record) {
    return new Updates(record, environment, () -> open.remove(record.jobId()));
  }

  private void lookLater() {
    if (!closed && looking.compareAndSet(false, true)) {
      try {
        environment.schedule(LOOK, () -> environment.execute(this::look));
      } catch (RejectedExecutionException shutDown) {
        closed = true;
      }
    }
  }

  private void look() {
    List<String> elsewhere = open.keySet().stream().filter(id -> !isLive.test(id)).toList();
    try {
      elsewhere.forEach(this::look);
    } catch (RuntimeException unavailable) {
      LOG.warn("jobs of other orchestrators could not be looked at; trying again", unavailable);
    }
    looking.set(false);
    if (!elsewhere.isEmpty()) {
      lookLater();
    }
  }

  private void look(String jobId) {
    Optional<JobRecord> record = book.find(jobId).map(JobBook.Versioned::record);
    Updates updates =
        open.computeIfPresent(
            jobId, (id, known) -> record.isEmpty() || known.isUnheard() ? null : known);
    if (updates != null && !isLive.test(jobId)) {
      updates.publish(record.get().state(), record.get().account().progress());
    }
  }
}
