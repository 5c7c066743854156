package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entries of a store in memory and their indexes. Indexes are brought up to date when they are
 * scanned: much of what is written is written again, or deleted, before anybody looks. Guarded by
 * the store's lock.
 */
final class EntryTable {
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<String, NavigableMap<Position, Row>> indexes = new HashMap<>();

  /** Rows that stand elsewhere in the indexes than they should, the longest so first. */
  private final Set<Row> moved = new LinkedHashSet<>();

  Optional<Entry> get(String key) {
    return Optional.ofNullable(rows.get(key)).map(row -> row.entry);
  }

  void apply(Write write) {
    Row row = rows.get(write.key());
    if (write instanceof Write.Put put) {
      if (row == null) {
        row = new Row(put);
        rows.put(put.key(), row);
      } else {
        row.entry = new Entry(put.key(), row.entry.version() + 1, put.value());
      }
      stand(row, put.indexes());
    } else if (row != null) {
      rows.remove(write.key());
      stand(row, Map.of());
    }
  }

  private void stand(Row row, Map<String, String> indexKeys) {
    row.indexKeys = indexKeys;
    if (indexKeys.equals(row.listedUnder)) {
      moved.remove(row);
    } else {
      moved.add(row);
    }
  }

  /** Of two rows of one key, the deleted one comes first. */
  private void settle() {
    for (Row row : moved) {
      String key = row.entry.key();
      row.listedUnder.forEach((name, indexKey) -> unlist(name, new Position(indexKey, key)));
      row.indexKeys.forEach(
          (name, indexKey) ->
              indexes
                  .computeIfAbsent(name, n -> new TreeMap<>())
                  .put(new Position(indexKey, key), row));
      row.listedUnder = row.indexKeys;
    }
    moved.clear();
  }

  private void unlist(String name, Position position) {
    NavigableMap<Position, Row> index = indexes.get(name);
    if (index != null) {
      index.remove(position);
      if (index.isEmpty()) {
        indexes.remove(name);
      }
    }
  }

  Page scan(String name, String prefix, Optional<String> after, int limit) {
    settle();
    NavigableMap<Position, Row> index = indexes.getOrDefault(name, new TreeMap<>());
    NavigableMap<Position, Row> rest =
        after
            .map(cursor -> index.tailMap(Position.parse(cursor, prefix), false))
            .orElseGet(() -> index.tailMap(new Position(prefix, ""), true));
    List<Entry> page = new ArrayList<>();
    Position last = null;
    for (Map.Entry<Position, Row> at : rest.entrySet()) {
      if (!at.getKey().indexKey.startsWith(prefix)) {
        break;
      }
      if (last != null && page.size() == limit) {
        return new Page(page, Optional.of(last.cursor()));
      }
      page.add(at.getValue().entry);
      last = at.getKey();
    }
    return new Page(page, Optional.empty());
  }

  long count(String name, String prefix) {
    settle();
    return indexes
        .getOrDefault(name, new TreeMap<>())
        .tailMap(new Position(prefix, ""), true)
        .keySet()
        .stream()
        .takeWhile(position -> position.indexKey.startsWith(prefix))
        .count();
  }

  Optional<String> lastKey(String name) {
    settle();
    return Optional.ofNullable(indexes.get(name)).map(index -> index.lastKey().indexKey);
  }

  private static final class Row {
    private Entry entry;
    private Map<String, String> indexKeys = Map.of();
    private Map<String, String> listedUnder = Map.of();

    Row(Write.Put put) {
      entry = new Entry(put.key(), 1, put.value());
    }
  }

  /** Where an entry stands in an index. */
  private record Position(String indexKey, String key) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
        Comparator.comparing(Position::indexKey).thenComparing(Position::key);

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }

    String cursor() {
      return indexKey.length() + ":" + indexKey + key;
    }

    static Position parse(String cursor, String prefix) {
      int colon = cursor.indexOf(':');
      if (colon > 0 && colon < 10 && cursor.chars().limit(colon).allMatch(Character::isDigit)) {
        int start = colon + 1;
        int end = start + Integer.parseInt(cursor.substring(0, colon));
        if (end <= cursor.length()
            && end - start >= prefix.length()
            && cursor.startsWith(prefix, start)) {
          return new Position(cursor.substring(start, end), cursor.substring(end));
        }
      }
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "after: is not a cursor of this scan; allowed: Page.next");
    }
  }
}
