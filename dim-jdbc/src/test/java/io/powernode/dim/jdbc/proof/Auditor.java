package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.testkit.JournalAudit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hears from all processes what they do, remembers it when they are dead, and compares it with what
 * DIM promises. Thread-safe.
 */
final class Auditor {
  static final String REPORTS = "reports";
  static final String COMMANDS = "commands";
  static final String BEGIN = "begin";
  static final String FENCED = "fenced";
  static final String END = "end";
  static final String EFFECT = "effect";

  /** An effect that an earlier owner had asked for, and that a node would not begin any more. */
  static final String STALE = "stale";

  /** A first send after the process had given up; see {@link LateSends}. */
  static final String LATE = "late";

  private static final String AGAIN = " was sent again though its answer is durable";

  static final String CANCEL = "cancel";
  static final String ACKNOWLEDGE = "acknowledge";
  static final String DURABLE = "durable";
  static final String CONFLICT = "conflict";
  static final String DENIED = "denied";
  static final String UNSURE = "unsure";
  static final String RESOLVED = "resolved";
  static final String ENDED = "ended";
  static final String NOTE = "note";

  /** What a client, not a process, has to report: that it was told to come again. */
  static final String REFUSED = "refused";

  private final History history = new History();
  private final Claims claims = new Claims(history);
  private final World world = new World(history);
  private final Ownership ownership = new Ownership(history);
  private final JournalAudit journal = new JournalAudit();
  private final LateSends late = new LateSends();
  private final Map<String, Long> epochs = new HashMap<>();

  /** By process and idempotency key: the epoch under which its nodes were last asked for it. */
  private final Map<String, Long> begun = new HashMap<>();

  private final Set<String> endings = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private Optional<StateStore> live = Optional.empty();

  History history() {
    return history;
  }

  Claims claims() {
    return claims;
  }

  World world() {
    return world;
  }

  Ownership ownership() {
    return ownership;
  }

  /** How many reports of a kind there were. */
  synchronized int count(String kind) {
    return counts.getOrDefault(kind, 0);
  }

  synchronized void refused() {
    counts.merge(REFUSED, 1, Integer::sum);
  }

  /** A store that can be read at any time, besides its processes: what is durable is seen there. */
  synchronized void look(StateStore store) {
    live = Optional.of(store);
  }

  /** Takes a report; the answer is empty if none is waited for. */
  synchronized Optional<String> hear(String process, List<String> report) {
    String kind = report.get(0);
    counts.merge(kind, 1, Integer::sum);
    String job = report.get(1);
    switch (kind) {
      case BEGIN -> {
        return Optional.of(begin(process, job, report));
      }
      case EFFECT -> {
        return Optional.of(effect(process, job, report.get(2), report.get(3)));
      }
      case ACKNOWLEDGE -> acknowledged(process, job, report.get(2));
      case DURABLE -> durable(process, report);
      case CONFLICT -> conflict(process, report);
      case ENDED -> ended(process, job, report.get(2));
      default -> history.add(job, process + ": " + String.join(" ", report));
    }
    return Optional.empty();
  }

  private String begin(String process, String job, List<String> report) {
    TaskId id =
        new TaskId(job, report.get(2), Integer.parseInt(report.get(3)), new Digest(report.get(4)));
    long epoch = Long.parseLong(report.get(6));
    history.add(job, process + ": " + String.join(" ", report));
    if (epochs.merge(job, epoch, Math::max) > epoch) {
      counts.merge(FENCED, 1, Integer::sum);
      return FENCED;
    }
    begun.put(process + " " + id.idempotencyKey(), epoch);
    String prefix = "journal/" + job + "/";
    live.ifPresent(
        store -> {
          look(store, prefix + "fact:" + id.step());
          look(store, prefix + "intent:" + id.step());
        });
    int before = journal.violations().size();
    journal.sending(id, Effect.valueOf(report.get(7)));
    List<String> violations = journal.violations();
    String fact = prefix + "fact:" + id.step();
    for (String violation : violations.subList(before, violations.size())) {
      if (violation.endsWith(AGAIN) && late.maySend(process, fact)) {
        counts.merge(LATE, 1, Integer::sum);
      } else {
        history.fault(job, violation);
      }
    }
    late.sent(fact);
    return "go";
  }

  /**
   * One node, which all processes would share, would have joined what a later owner asked for again
   * to what it had begun, and would not have let it come after anything else of that owner's.
   */
  private String effect(String process, String job, String key, String action) {
    long epoch = begun.getOrDefault(process + " " + key, 0L);
    if (epoch < epochs.getOrDefault(job, 0L)) {
      counts.merge(STALE, 1, Integer::sum);
      history.add(job, process + ": " + action + " under " + key + " is of an earlier owner");
      return FENCED;
    }
    world.act(job, key, action);
    return "done";
  }

  /** A store that is down has nothing new. */
  private void look(StateStore store, String key) {
    try {
      store.get(key).ifPresent(entry -> journal.durable(key));
    } catch (RuntimeException down) {
      history.add("store", "not read: " + down.getMessage());
    }
  }

  private void acknowledged(String process, String job, String step) {
    String fact = "journal/" + job + "/fact:" + step;
    history.add(job, process + ": may forget " + step);
    if (!claims.has(fact) && !claims.has("end/" + job)) {
      history.fault(job, "step " + step + " was acknowledged before it was durable");
    }
    journal.durable(fact);
  }

  private void durable(String process, List<String> report) {
    long epoch = Long.parseLong(report.get(1));
    long handedIn = Long.parseLong(report.get(2));
    for (String key : report.subList(3, report.size())) {
      claims.written(key);
      journal.durable(key);
      if (!late.written(process, key)) {
        history.fault(key.split("/")[1], key + " is of " + process + ", and another one sent it");
      }
      history.add(key.split("/")[1], process + ": durable in epoch " + epoch + ": " + key);
      ownership.written(process, epoch, handedIn, key);
    }
  }

  private void conflict(String process, List<String> report) {
    if (report.get(2).equals("LiveSession")) {
      ownership.refused(process, Long.parseLong(report.get(1)));
    }
  }

  private void ended(String process, String job, String state) {
    history.add(job, process + ": announces " + state);
    if (!endings.add(process + " " + job)) {
      history.fault(job, "was announced twice as ended");
    }
  }

  /** When nothing is reported any more. */
  synchronized void finish() {
    late.unexplained()
        .forEach(fact -> history.fault(fact.split("/")[1], fact + AGAIN + ", and by nobody here"));
  }

  /** After the death of all processes that were not told what became of their last commits. */
  synchronized void read(StateStore store) {
    claims.check(store);
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = store.scan("journal", "", after, 1000);
      page.entries().forEach(entry -> journal.durable(entry.key()));
      after = page.next();
    } while (after.isPresent());
  }
}
