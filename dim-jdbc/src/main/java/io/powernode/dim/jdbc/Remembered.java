package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.Effects.NewRow;
import io.powernode.dim.jdbc.Snapshot.SessionStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this process last wrote. Others may have written since, so whatever rests on it is checked
 * by the server in the same transaction. Not thread-safe.
 */
final class Remembered {
  private static final int MOST_ROWS = 10_000;

  private final Map<String, StreamHead> streams = new HashMap<>();
  private final Map<String, Row> rows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Row> eldest) {
          return size() > MOST_ROWS;
        }
      };

  /**
   * What a batch will probably find: sessions that live, and no entries but those that were written
   * here. Empty where that cannot be hoped for.
   */
  Optional<Snapshot> expected(Footprint footprint) {
    if (!footprint.blobs().isEmpty() || !streams.keySet().containsAll(footprint.streams())) {
      return Optional.empty();
    }
    Map<String, StreamHead> heads = new HashMap<>();
    footprint.streams().forEach(stream -> heads.put(stream, streams.get(stream)));
    Map<String, Row> found = new HashMap<>();
    for (String key : footprint.keys()) {
      Row row = rows.get(key);
      if (row != null) {
        found.put(key, row);
      }
    }
    Map<Long, SessionStatus> sessions = new HashMap<>();
    footprint.epochs().forEach(epoch -> sessions.put(epoch, SessionStatus.LIVE));
    return Optional.of(new Snapshot(heads, found, sessions, Set.of()));
  }

  /** A batch was committed. */
  void learn(Effects effects) {
    streams.putAll(effects.streams);
    effects.inserts.forEach(this::learn);
    effects.updates.forEach(this::learn);
    effects.deletes.forEach(rows::remove);
  }

  /** Where a blob is concerned, it must be locked as well, and so read. */
  private void learn(String key, NewRow written) {
    rows.remove(key);
    if (written.row().blob().isEmpty()) {
      rows.put(key, written.row());
    }
  }

  /** Something was otherwise, or it is not known what became of a batch. */
  void forget(Footprint footprint) {
    streams.keySet().removeAll(footprint.streams());
    rows.keySet().removeAll(footprint.keys());
  }
}
