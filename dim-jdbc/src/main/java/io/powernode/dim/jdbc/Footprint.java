package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import java.util.Collection;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a batch depends on and may change. Sorted: stores that share a database lock in this order,
 * and so never wait for each other in a circle.
 *
 * @param streams names of streams
 * @param epochs of sessions
 * @param keys of entries
 * @param blobs that values refer to
 */
record Footprint(
    SortedSet<String> streams,
    SortedSet<Long> epochs,
    SortedSet<String> keys,
    SortedSet<Digest> blobs) {

  static Footprint of(Collection<Pending> batch) {
    Footprint all =
        new Footprint(
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeSet<>(Comparator.comparing(Digest::value)));
    batch.forEach(all::add);
    return all;
  }

  private void add(Pending pending) {
    streams.add(pending.commit().stream());
    for (Guard guard : pending.commit().guards()) {
      if (guard instanceof Guard.Absent absent) {
        keys.add(absent.key());
      } else if (guard instanceof Guard.AtVersion at) {
        keys.add(at.key());
      } else if (guard instanceof Guard.LiveSession live) {
        epochs.add(live.epoch());
      } else if (guard instanceof Guard.EndedSession ended) {
        epochs.add(ended.epoch());
      }
    }
    for (Write write : pending.commit().writes()) {
      keys.add(write.key());
    }
    pending.cells().values().forEach(cell -> cell.blob().ifPresent(blobs::add));
  }
}
