package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What a job's engine was told so far, by step name. Facts are written behind through the job's
 * {@link JobWriter}, in the order in which they became known. Thread-safe.
 */
final class Journal {
  private static final int PAGE = 500;
  private static final String FACT = "fact:";
  private static final String INTENT = "intent:";
  private static final String TIME = "time:";

  private final String jobId;
  private final JobWriter writer;
  private final DimJson json;
  private final Object lock = new Object();
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Entry> intents = new HashMap<>();
  private final Map<String, Fact.RollbackTime> rollbacks = new HashMap<>();
  private final List<Fact.Undo> undos = new ArrayList<>();
  private final Set<String> undoable = new HashSet<>();
  private final Set<String> settled = new HashSet<>();
  private final Set<String> unasked = new HashSet<>();

  private Journal(String jobId, JobWriter writer, DimJson json) {
    this.jobId = jobId;
    this.writer = writer;
    this.json = json;
  }

  /**
   * One entry.
   *
   * @param request digest of what was asked for, so that a changed engine is noticed
   */
  record Entry(String step, Digest request, Fact fact) {}

  /** The journal of a job that was just accepted. */
  static Journal empty(String jobId, JobWriter writer, DimJson json) {
    return new Journal(jobId, writer, json);
  }

  /** The journal of a job as the store has it. */
  static Journal load(String jobId, JobWriter writer, StateStore store, DimJson json) {
    Journal journal = new Journal(jobId, writer, json);
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = store.scan(Keys.JOURNAL, Keys.journalPrefix(jobId), after, PAGE);
      for (StateStore.Entry stored : page.entries()) {
        Entry entry = Stored.read(Entry.class, stored.value(), json);
        journal.keep(entry);
        if (!(entry.fact() instanceof Fact.RollbackTime)) {
          journal.unasked.add(entry.step());
        }
      }
      after = page.next();
    } while (after.isPresent());
    journal.undos.sort(Comparator.comparingInt(Fact.Undo::order));
    return journal;
  }

  /**
   * The fact under {@code step}.
   *
   * @param request what is asked for now
   * @throws DimException with {@link ErrorCode#ENGINE_FAULT} if the journal has the answer to
   *     something else, or says that something else was about to be sent
   */
  <F extends Fact> Optional<F> find(String step, Digest request, Class<F> kind) {
    Optional<Entry> entry;
    Optional<Entry> intent;
    synchronized (lock) {
      entry = Optional.ofNullable(entries.get(step));
      intent = Optional.ofNullable(intents.get(step));
      unasked.remove(step);
    }
    boolean isSame =
        entry.map(e -> e.request().equals(request) && kind.isInstance(e.fact())).orElse(true)
            && intent
                .map(e -> e.request().equals(request) && kind == Fact.Answer.class)
                .orElse(true);
    if (!isSame) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.ENGINE_FAULT,
                  "step " + step + ": the engine asks for something else than its journal has")
              .about("job", jobId));
    }
    return entry.map(Entry::fact).map(kind::cast);
  }

  /** Where, and as which attempt, an effectful task of that full step name was last to be sent. */
  Optional<Fact.Intent> intent(String step) {
    synchronized (lock) {
      return Optional.ofNullable(intents.get(step)).map(e -> (Fact.Intent) e.fact());
    }
  }

  /** What is left of the time of a rollback that was begun and not ended. */
  Optional<Duration> rollbackTime(String step) {
    synchronized (lock) {
      return Optional.ofNullable(rollbacks.get(step)).map(Fact.RollbackTime::left);
    }
  }

  /** The answer of a task, whatever it was asked for. */
  Optional<Fact.Answer> answer(String step) {
    synchronized (lock) {
      Entry entry = entries.get(step);
      return entry != null && entry.fact() instanceof Fact.Answer answer
          ? Optional.of(answer)
          : Optional.empty();
    }
  }

  /** All answers of tasks. */
  List<Fact.Answer> answers() {
    synchronized (lock) {
      return entries.values().stream()
          .map(Entry::fact)
          .filter(Fact.Answer.class::isInstance)
          .map(Fact.Answer.class::cast)
          .toList();
    }
  }

  /** The compensations that were registered so far, in order. */
  List<Fact.Undo> undos() {
    synchronized (lock) {
      return List.copyOf(undos);
    }
  }

  /** How many compensations were registered so far. */
  int undoCount() {
    synchronized (lock) {
      return undos.size();
    }
  }

  /** Whether an earlier rollback settled the compensation of that full step name. */
  boolean isSettled(String compensation) {
    synchronized (lock) {
      return settled.contains(compensation);
    }
  }

  /**
   * What came of rollbacks, by the names in their scopes.
   *
   * @param which by their own full step names
   */
  List<RollbackOutcome> rollbacks(Predicate<String> which) {
    synchronized (lock) {
      return entries.values().stream()
          .filter(entry -> entry.fact() instanceof Fact.Undone && which.test(entry.step()))
          .sorted(Comparator.comparing(Entry::step))
          .flatMap(entry -> ((Fact.Undone) entry.fact()).outcomes().stream())
          .toList();
    }
  }

  /** The same of those rollbacks that the store had and the engine has not asked for. */
  List<RollbackOutcome> untoldRollbacks(Predicate<String> which) {
    synchronized (lock) {
      return rollbacks(which.and(unasked::contains));
    }
  }

  /** Whether a compensation for {@code step} is registered. */
  boolean canUndo(String step) {
    synchronized (lock) {
      return undoable.contains(step);
    }
  }

  /** The engine asked for a step by asking for one that includes it. */
  void asked(String step) {
    synchronized (lock) {
      unasked.remove(step);
    }
  }

  /** A step that the store had and the engine has not asked for. */
  Optional<String> unasked() {
    synchronized (lock) {
      return unasked.stream().sorted().findFirst();
    }
  }

  /**
   * Does nothing if the engine asked for everything that the store had. That is so when it comes to
   * a step that is not there: what is there is all that was done before some moment, one thing
   * after the other.
   *
   * @throws DimException with {@link ErrorCode#ENGINE_FAULT} else
   */
  void requireAllAsked(String step) {
    Optional<String> left = unasked();
    if (left.isPresent()) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.ENGINE_FAULT,
                  "the engine asks for step %s before step %s, which its journal has"
                      .formatted(step, left.get()))
              .about("job", jobId));
    }
  }

  /** Adds a fact that nobody waits for; the future completes when it is durable. */
  CompletableFuture<Void> append(String step, Digest request, Fact fact) {
    return writer.writeBehind(kept(step, request, fact));
  }

  /** Adds a fact without delay; the future completes when it is durable. */
  CompletableFuture<Void> appendNow(String step, Digest request, Fact fact) {
    return writer.write(kept(step, request, fact));
  }

  private List<Write> kept(String step, Digest request, Fact fact) {
    Entry entry = new Entry(step, request, fact);
    synchronized (lock) {
      keep(entry);
    }
    return List.of(write(jobId, entry, json));
  }

  /** Keeps how much time is left of a rollback, unless that is over. */
  void keepTime(String step, Digest request, Duration left, BooleanSupplier isOver) {
    Entry entry = new Entry(step, request, new Fact.RollbackTime(left));
    synchronized (lock) {
      keep(entry);
    }
    writer.writeUnless(isOver, List.of(write(jobId, entry, json)));
  }

  /** Completes when every fact so far is durable. */
  CompletableFuture<Void> flushed() {
    return writer.flushed();
  }

  /** Removes every entry from the store. */
  List<Write> deletions() {
    synchronized (lock) {
      List<Write> deletions = new ArrayList<>();
      entries.keySet().forEach(step -> deletions.add(new Write.Delete(key(jobId, FACT, step))));
      intents.keySet().forEach(step -> deletions.add(new Write.Delete(key(jobId, INTENT, step))));
      rollbacks.keySet().forEach(step -> deletions.add(new Write.Delete(key(jobId, TIME, step))));
      return deletions;
    }
  }

  /** The write that adds an entry. */
  static Write write(String jobId, Entry entry, DimJson json) {
    return new Write.Put(
        key(jobId, kind(entry.fact()), entry.step()),
        new Stored(entry, json),
        Map.of(Keys.JOURNAL, Keys.journalPrefix(jobId) + entry.step()));
  }

  /** Whether it is an entry's key that says that an effectful task was about to be sent. */
  static boolean isIntent(String jobId, String key) {
    return key.startsWith(key(jobId, INTENT, ""));
  }

  private static String kind(Fact fact) {
    return fact instanceof Fact.Intent ? INTENT : fact instanceof Fact.RollbackTime ? TIME : FACT;
  }

  private static String key(String jobId, String kind, String step) {
    return Keys.journal(jobId, kind + step);
  }

  private void keep(Entry entry) {
    if (entry.fact() instanceof Fact.Intent) {
      intents.put(entry.step(), entry);
      return;
    }
    if (entry.fact() instanceof Fact.RollbackTime time) {
      rollbacks.put(entry.step(), time);
      return;
    }
    entries.put(entry.step(), entry);
    if (entry.fact() instanceof Fact.Undo undo) {
      undos.add(undo);
      undoable.add(undo.undoes());
    } else if (entry.fact() instanceof Fact.Undone undone) {
      settled.addAll(undone.considered());
    }
  }
}
