package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what others have to do with this orchestrator's jobs, and it with theirs. It takes over jobs
 * that nobody runs: their owner's session ended, or this orchestrator itself lost sight of them
 * because the store failed at a bad moment. It heeds what was asked for its jobs elsewhere. A look
 * costs two short queries, however many jobs there are.
 */
final class Recovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** After so many looks at the jobs of an ended session, whoever comes takes what is left. */
  private static final int GRACE_LOOKS = 2;

  private final Tenure tenure;
  private final JobBook book;
  private final JobService jobs;
  private final TakeOver takeOver;
  private final Duration ttl;
  private final Map<Long, Estate> estates = new HashMap<>();
  private Map<String, Long> unseen = new HashMap<>();
  private long ownLookAt;
  private volatile Optional<Subscription> watch = Optional.empty();
  private volatile Subscription timer = () -> {};
  private volatile boolean closed;

  /** What an ended session left. */
  private static final class Estate {
    private int looks;
    private long nextLookAt;
    private boolean wasEmpty;
  }

  /**
   * A recovery.
   *
   * @param ttl the time to live of this orchestrator's sessions
   */
  Recovery(Tenure tenure, JobBook book, JobService jobs, TakeOver takeOver, Duration ttl) {
    this.tenure = tenure;
    this.book = book;
    this.jobs = jobs;
    this.takeOver = takeOver;
    this.ttl = ttl;
    this.ownLookAt = tenure.environment().nanoTime();
  }

  /** Looks soon, and from then on again and again; nobody who starts need wait for that. */
  void start() {
    lookAfter(Duration.ZERO);
  }

  private void asked(Change change) {
    if (change instanceof Change.Applied applied) {
      applied.keys().stream().map(Keys::jobOfIntent).distinct().forEach(jobs::heed);
    }
    // What was not kept for a watcher, the next look finds.
  }

  private void look() {
    try {
      lookNow();
    } catch (RuntimeException unavailable) {
      LOG.warn("jobs without an owner could not be looked for; trying again", unavailable);
    }
    lookAfter(ttl.dividedBy(3).compareTo(LOOK) < 0 ? ttl.dividedBy(3) : LOOK);
  }

  private void lookAfter(Duration time) {
    try {
      timer = tenure.environment().schedule(time, () -> tenure.environment().execute(this::again));
    } catch (RejectedExecutionException shutDown) {
      closed = true;
    }
  }

  private void again() {
    if (!closed) {
      look();
    }
  }

  private void lookNow() {
    if (watch.isEmpty()) {
      watch = Optional.of(tenure.store().watch(Keys.INTENT_STREAM, 0, this::asked));
    }
    List<Intent> intents = book.intents();
    Set<String> cancelled =
        intents.stream()
            .filter(Intent.Cancel.class::isInstance)
            .map(Intent::jobId)
            .collect(Collectors.toSet());
    List<SessionState> sessions = tenure.store().sessions();
    Map<Boolean, Set<Long>> epochs =
        sessions.stream()
            .collect(
                Collectors.partitioningBy(
                    SessionState::isLive,
                    Collectors.mapping(SessionState::epoch, Collectors.toSet())));
    estates.keySet().retainAll(epochs.get(false));
    for (long ended : epochs.get(false)) {
      lookAt(ended, new Heirs(epochs.get(true)), cancelled);
    }
    if (isTime(ownLookAt)) {
      ownLookAt = after(ttl);
      lookAtOwn(cancelled);
    }
    intents.forEach(jobs::heed);
  }

  /**
   * At first, each of the living takes its share. What then is still there is anybody's, looked for
   * more seldom: who should have taken it may be dead too, or nobody here can read it. An ended
   * session is forgotten only if it was found empty twice, so that no commit of it is under way.
   */
  private void lookAt(long ended, Heirs heirs, Set<String> cancelled) {
    Estate estate = estates.computeIfAbsent(ended, epoch -> new Estate());
    if (estate.looks > 0 && !isTime(estate.nextLookAt)) {
      return;
    }
    boolean isAnybodys = estate.looks >= GRACE_LOOKS;
    boolean isEmpty =
        !take(
            ended,
            entry -> isAnybodys || heirs.isFirst(tenure.epoch(), Keys.jobId(entry.key())),
            cancelled);
    if (isEmpty && estate.wasEmpty) {
      tenure.store().forget(ended);
    }
    estate.wasEmpty = isEmpty;
    estate.looks++;
    estate.nextLookAt = isEmpty || isAnybodys ? after(ttl) : after(Duration.ZERO);
  }

  /** A job of this very session counts as lost only if it is found twice without any change. */
  private void lookAtOwn(Set<String> cancelled) {
    Map<String, Long> lost = new HashMap<>();
    take(
        tenure.epoch(),
        entry -> {
          if (jobs.live(Keys.jobId(entry.key())).isPresent()) {
            return false;
          }
          lost.put(entry.key(), entry.version());
          return Long.valueOf(entry.version()).equals(unseen.get(entry.key()));
        },
        cancelled);
    unseen = lost;
  }

  /** Takes those of a session's jobs that are due, page by page; false if it has none. */
  private boolean take(long epoch, Predicate<StateStore.Entry> isDue, Set<String> cancelled) {
    AtomicBoolean found = new AtomicBoolean();
    book.ownedBy(
        epoch,
        page -> {
          List<JobBook.Versioned> due = new ArrayList<>();
          for (StateStore.Entry entry : page) {
            found.set(true);
            if (!closed && isDue.test(entry)) {
              book.readable(entry)
                  .ifPresent(record -> due.add(new JobBook.Versioned(record, entry.version())));
            }
          }
          takeOver.take(due, cancelled);
        });
    return found.get();
  }

  private boolean isTime(long at) {
    return tenure.environment().nanoTime() - at >= 0;
  }

  private long after(Duration time) {
    return tenure.environment().nanoTime() + time.toNanos();
  }

  @Override
  public void close() {
    closed = true;
    watch.ifPresent(Subscription::close);
    timer.close();
  }
}
