package io.powernode.dim.core;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates of jobs that have not ended, whoever owns them, so that listeners hear a job to its
 * end although its owner changes. What runs here is announced by its run. A job that somebody
 * listens to and that runs elsewhere is read again whenever its owner's stream says that it
 * changed; so its progress is as coarse as what is durable. Thread-safe.
 */
final class UpdateBoard {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateBoard.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Environment environment;
  private final JobBook book;
  private final List<JobListener> always;
  private final Predicate<String> isLive;
  private final Map<String, Updates> open = new ConcurrentHashMap<>();
  private final OtherStreams others;
  private final Set<String> due = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean following = new AtomicBoolean();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * A board.
   *
   * @param owner this orchestrator's own name
   * @param always hear the updates of all jobs that run here
   * @param isLive whether a job runs here
   */
  UpdateBoard(
      Environment environment,
      JobBook book,
      String owner,
      List<JobListener> always,
      Predicate<String> isLive) {
    this.environment = environment;
    this.book = book;
    this.always = List.copyOf(always);
    this.isLive = isLive;
    this.others =
        new OtherStreams(
            book.store(), owner, this::changed, () -> elsewhere().forEach(this::changed));
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

  /** A job may not run here any more: if it has not ended, its owner is followed from now on. */
  void left(String jobId) {
    if (open.containsKey(jobId) && !isLive.test(jobId)) {
      // Also what changed before anybody listened.
      changed(jobId);
      followSoon(Duration.ZERO);
    }
  }

  void close() {
    closed = true;
    others.rest();
  }

  private Updates made(JobRecord record) {
    return new Updates(record, environment, () -> open.remove(record.jobId()));
  }

  private void followSoon(Duration delay) {
    if (!closed && following.compareAndSet(false, true)) {
      Routine.start(
          environment, delay, LOOK, "other orchestrators could not be followed", this::follow);
    }
  }

  /** Finds new orchestrators from time to time, for as long as anybody listens. */
  private boolean follow() {
    if (closed) {
      return false;
    }
    for (String jobId : elsewhere()) {
      open.computeIfPresent(jobId, (id, known) -> known.isUnheard() ? null : known);
    }
    if (elsewhere().isEmpty()) {
      others.rest();
    } else {
      others.follow();
    }
    if (closed) {
      others.rest();
      return false;
    }
    following.set(false);
    return !elsewhere().isEmpty() && following.compareAndSet(false, true);
  }

  private List<String> elsewhere() {
    return open.keySet().stream().filter(id -> !isLive.test(id)).toList();
  }

  private void changed(String jobId) {
    if (open.containsKey(jobId)) {
      due.add(jobId);
      lookAtDue();
    }
  }

  /** One at a time, so that nothing older is told after something newer. */
  private void lookAtDue() {
    if (!due.isEmpty() && looking.compareAndSet(false, true)) {
      Routine.start(
          environment, Duration.ZERO, LOOK, "jobs of others could not be read", this::look);
    }
  }

  private boolean look() {
    do {
      for (String jobId : List.copyOf(due)) {
        due.remove(jobId);
        try {
          look(jobId);
        } catch (RuntimeException | Error unavailable) {
          LOG.warn("job {} of another orchestrator could not be read; trying again", jobId);
          environment.schedule(LOOK, () -> changed(jobId));
        }
      }
      looking.set(false);
    } while (!due.isEmpty() && looking.compareAndSet(false, true));
    return false;
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
