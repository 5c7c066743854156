package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.jdbc.Effects.IndexKey;
import io.powernode.dim.jdbc.Effects.LoggedChange;
import io.powernode.dim.jdbc.Effects.NewRow;
import io.powernode.dim.jdbc.Snapshot.SessionStatus;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges the commits of a batch one after the other against a snapshot, each on what those before
 * it left, and works out what the batch changes altogether. One whose guard fails changes nothing.
 */
final class BatchPlan {
  private final Snapshot before;
  private final Map<String, NewRow> now = new TreeMap<>();
  private final Set<String> demandedAbsent = new LinkedHashSet<>();
  private final Map<String, StreamHead> heads;
  private final Effects effects = new Effects();
  private final List<CommitResult> results = new ArrayList<>();

  private BatchPlan(Snapshot before) {
    this.before = before;
    this.heads = new HashMap<>(before.streams());
  }

  static BatchPlan of(List<Pending> batch, Snapshot before) {
    BatchPlan plan = new BatchPlan(before);
    batch.forEach(pending -> plan.results.add(plan.judge(pending)));
    plan.settle();
    return plan;
  }

  /** What it rests on. */
  Snapshot before() {
    return before;
  }

  /** Whether every commit takes effect. */
  boolean commitsAll() {
    return results.stream().allMatch(CommitResult.Committed.class::isInstance);
  }

  /** The results of the commits, in their order, if the transaction commits. */
  List<CommitResult> results() {
    return results;
  }

  Effects effects() {
    return effects;
  }

  private CommitResult judge(Pending pending) {
    Commit commit = pending.commit();
    for (Guard guard : commit.guards()) {
      if (!holds(guard)) {
        return new CommitResult.Conflict(guard);
      }
    }
    for (Cell cell : pending.cells().values()) {
      if (cell.blob().isPresent() && !before.blobs().contains(cell.blob().get())) {
        return new CommitResult.Refused("a large value waited too long to be committed");
      }
    }
    for (Guard guard : commit.guards()) {
      if (guard instanceof Guard.Absent absent) {
        demandedAbsent.add(absent.key());
      }
    }
    commit.writes().forEach(write -> apply(write, pending.cells()));
    StreamHead head = heads.getOrDefault(commit.stream(), StreamHead.NEW).next();
    heads.put(commit.stream(), head);
    effects.streams.put(commit.stream(), head);
    effects.changes.add(
        new LoggedChange(
            commit.stream(),
            head.last(),
            commit.transactionId(),
            commit.writes().stream().map(Write::key).toList()));
    return new CommitResult.Committed(head.last());
  }

  private boolean holds(Guard guard) {
    if (guard instanceof Guard.Absent absent) {
      return !row(absent.key()).isPresent();
    } else if (guard instanceof Guard.AtVersion at) {
      return row(at.key()).isPresent() && row(at.key()).version() == at.version();
    } else if (guard instanceof Guard.LiveSession live) {
      return before.is(SessionStatus.LIVE, live.epoch());
    }
    return before.is(SessionStatus.ENDED, ((Guard.EndedSession) guard).epoch());
  }

  private Row row(String key) {
    NewRow written = now.get(key);
    return written == null ? before.row(key) : written.row();
  }

  private void apply(Write write, Map<String, Cell> cells) {
    if (write instanceof Write.Put put) {
      Cell cell = cells.get(put.key());
      Row row = new Row(row(put.key()).version() + 1, put.indexes(), cell.blob());
      now.put(put.key(), new NewRow(row, cell));
    } else {
      now.put(write.key(), NewRow.NONE);
    }
  }

  private void settle() {
    now.forEach(
        (key, written) -> {
          Row old = before.row(key);
          Row row = written.row();
          if (row.isPresent()) {
            (old.isPresent() ? effects.updates : effects.inserts).put(key, written);
          } else if (old.isPresent()) {
            effects.deletes.add(key);
          } else if (!demandedAbsent.contains(key)) {
            effects.missed.add(key);
          }
          reindex(key, old.indexes(), row.indexes());
          if (!old.blob().equals(row.blob())) {
            count(old.blob(), -1);
            count(row.blob(), 1);
          }
        });
    for (String key : demandedAbsent) {
      if (!before.row(key).isPresent() && !effects.inserts.containsKey(key)) {
        effects.absences.add(key);
      }
    }
  }

  private void reindex(String key, Map<String, String> old, Map<String, String> indexes) {
    old.forEach(
        (index, indexKey) -> {
          if (!indexKey.equals(indexes.get(index))) {
            effects.unlisted.add(new IndexKey(index, indexKey, key));
          }
        });
    indexes.forEach(
        (index, indexKey) -> {
          if (!indexKey.equals(old.get(index))) {
            effects.listed.add(new IndexKey(index, indexKey, key));
          }
        });
  }

  private void count(Optional<Digest> blob, int change) {
    blob.ifPresent(digest -> effects.references.merge(digest, change, Integer::sum));
  }
}
