package io.powernode.dim.core;

import static java.time.Duration.ZERO;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Sees what others have to do with this orchestrator's jobs, and it with theirs. It takes over jobs
 * that nobody runs: their owner's session ended, or this orchestrator itself lost sight of them
 * because the store failed at a bad moment. It heeds what was asked for its jobs elsewhere. A look
 * costs three short queries, however many jobs there are.
 */
final class Recovery implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);

  /** After so many looks at which none of a session's jobs were gone, they are anybody's. */
  private static final int GRACE_LOOKS = 2;

  private final Tenure tenure;
  private final JobBook book;
  private final JobService jobs;
  private final TakeOver takeOver;
  private final EndOrder order;
  private final Duration ttl;
  private final Map<Long, Estate> estates = new HashMap<>();
  private Map<String, Long> unseen = new HashMap<>();
  private long ownLookAt;
  private volatile Optional<Subscription> watch = Optional.empty();
  private volatile Subscription looks = () -> {};
  private volatile boolean closed;

  /** What an ended session left. */
  private static final class Estate {
    private final long epoch;

    /** From when on its owner is gone, whoever sees it. */
    private final long goneAt;

    private long left = Long.MAX_VALUE;
    private int idleLooks;
    private long nextLookAt;
    private boolean wasEmpty;

    /** As of before it is looked at. */
    private Standing standing = Standing.EXPIRED;

    Estate(long epoch, long now, long goneAt) {
      this.epoch = epoch;
      this.goneAt = goneAt;
      this.nextLookAt = now;
    }
  }

  /**
   * A recovery.
   *
   * @param ttl the time to live of this orchestrator's sessions
   */
  Recovery(
      Tenure tenure,
      JobBook book,
      JobService jobs,
      TakeOver takeOver,
      EndOrder order,
      Duration ttl) {
    this.tenure = tenure;
    this.book = book;
    this.jobs = jobs;
    this.takeOver = takeOver;
    this.order = order;
    this.ttl = ttl;
    this.ownLookAt = tenure.environment().nanoTime();
  }

  /** Looks soon, and from then on again and again; nobody who starts need wait for that. */
  void start() {
    Duration third = ttl.dividedBy(3);
    looks =
        Routine.start(
            tenure.environment(),
            ZERO,
            third.compareTo(LOOK) < 0 ? third : LOOK,
            "jobs without an owner could not be looked for",
            this::look);
    if (closed) {
      close();
    }
  }

  private void asked(Change change) {
    if (change instanceof Change.Applied applied) {
      applied.keys().stream().map(Keys::jobOfIntent).distinct().forEach(jobs::heed);
    }
    // What was not kept for a watcher, the next look finds.
  }

  private boolean look() {
    if (watch.isEmpty()) {
      watch = Optional.of(tenure.store().watch(Keys.INTENT_STREAM, 0, this::asked));
      if (closed) {
        close();
      }
    }
    order.catchUp();
    List<Intent> intents = book.intents();
    Set<String> cancelled =
        intents.stream()
            .filter(Intent.Cancel.class::isInstance)
            .map(Intent::jobId)
            .collect(Collectors.toSet());
    Map<Boolean, List<SessionState>> sessions =
        tenure.store().sessions().stream().collect(Collectors.partitioningBy(SessionState::isLive));
    estates.keySet().retainAll(epochs(sessions.get(false)));
    Heirs heirs = new Heirs(epochs(sessions.get(true)));
    for (SessionState ended : sessions.get(false)) {
      Estate estate =
          estates.computeIfAbsent(
              ended.epoch(), epoch -> new Estate(epoch, after(ZERO), after(ttl)));
      estate.standing = ended.standing();
      if (isTime(estate.nextLookAt) && isToTake(estate)) {
        lookAt(estate, heirs, cancelled);
      }
    }
    if (isTime(ownLookAt)) {
      ownLookAt = after(ttl);
      lookAtOwn(cancelled);
    }
    // Elsewhere, since a task that is told to stop may not heed it at once.
    intents.stream().map(Intent::jobId).distinct().forEach(jobs::heed);
    return !closed;
  }

  private static Set<Long> epochs(List<SessionState> sessions) {
    return sessions.stream().map(SessionState::epoch).collect(Collectors.toSet());
  }

  /** After an outage, not before others had time to take their own back; a lease is enough. */
  private boolean isToTake(Estate estate) {
    return takeOver.isOurs(estate.epoch) || tenure.mayJudge() || isTime(estate.goneAt);
  }

  /**
   * What an earlier session of this orchestrator left, it takes back. Of what others left, each of
   * the living takes its share; once none of it is taken any more, what is still there is
   * anybody's: who should have taken it may be dead too. Where nothing can be taken, one looks more
   * seldom. A session is forgotten only if it was found empty when it had ended, so that no commit
   * of it is under way, and empty once before, so that others have heard of what it did last.
   */
  private void lookAt(Estate estate, Heirs heirs, Set<String> cancelled) {
    boolean isAnybodys = takeOver.isOurs(estate.epoch) || estate.idleLooks >= GRACE_LOOKS;
    Found found =
        take(
            estate.epoch,
            entry -> isAnybodys || heirs.isFirst(tenure.epoch(), Keys.jobId(entry.key())),
            cancelled);
    if (found.jobs == 0 && estate.wasEmpty && estate.standing == Standing.ENDED) {
      tenure.store().forget(estate.epoch);
    }
    estate.wasEmpty = found.jobs == 0;
    estate.idleLooks = found.jobs < estate.left ? 0 : estate.idleLooks + 1;
    estate.left = found.jobs - found.tried;
    boolean isSettled = found.jobs == 0 || isAnybodys && found.tried == 0;
    estate.nextLookAt = after(isSettled ? ttl : ZERO);
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

  /** How many jobs a session has, and how many of them were tried to be taken. */
  private static final class Found {
    private int jobs;
    private int tried;
  }

  /**
   * Takes those of a session's jobs that are due. All commits are handed in before the first is
   * waited for: no job that goes on already is in the way of those that have no owner yet.
   */
  private Found take(long epoch, Predicate<StateStore.Entry> isDue, Set<String> cancelled) {
    Found found = new Found();
    List<TakeOver.Taking> takings = new ArrayList<>();
    try {
      book.ownedBy(epoch, page -> takings.addAll(begin(page, isDue, found)));
    } finally {
      takeOver.end(takings, cancelled);
    }
    return found;
  }

  private List<TakeOver.Taking> begin(
      List<StateStore.Entry> page, Predicate<StateStore.Entry> isDue, Found found) {
    List<JobBook.Versioned> due = new ArrayList<>();
    for (StateStore.Entry entry : page) {
      found.jobs++;
      if (!closed && isDue.test(entry)) {
        book.readable(entry)
            .ifPresent(record -> due.add(new JobBook.Versioned(record, entry.version())));
      }
    }
    found.tried += due.size();
    return takeOver.begin(due);
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
    looks.close();
  }
}
