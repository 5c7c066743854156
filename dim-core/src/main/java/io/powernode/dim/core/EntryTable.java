package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore.Entry;
import io.powernode.dim.spi.StateStore.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The entries of a store in memory and their indexes. Guarded by the store's lock. */
final class EntryTable {
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<String, NavigableMap<Position, Entry>> indexes = new HashMap<>();

  Optional<Entry> get(String key) {
    return Optional.ofNullable(rows.get(key)).map(Row::entry);
  }

  void apply(Write write) {
    Row old = rows.remove(write.key());
    if (old != null) {
      old.indexKeys.forEach((name, indexKey) -> unlist(name, new Position(indexKey, write.key())));
    }
    if (write instanceof Write.Put put) {
      long version = old == null ? 1 : old.entry.version() + 1;
      Entry entry = new Entry(put.key(), version, put.value());
      rows.put(put.key(), new Row(entry, put.indexes()));
      put.indexes()
          .forEach(
              (name, indexKey) ->
                  indexes
                      .computeIfAbsent(name, n -> new TreeMap<>())
                      .put(new Position(indexKey, put.key()), entry));
    }
  }

  private void unlist(String name, Position position) {
    indexes.computeIfPresent(
        name,
        (n, index) -> {
          index.remove(position);
          return index.isEmpty() ? null : index;
        });
  }

  Page scan(String name, String prefix, Optional<String> after, int limit) {
    NavigableMap<Position, Entry> index = indexes.getOrDefault(name, new TreeMap<>());
    NavigableMap<Position, Entry> rest =
        after
            .map(cursor -> index.tailMap(Position.parse(cursor, prefix), false))
            .orElseGet(() -> index.tailMap(new Position(prefix, ""), true));
    List<Entry> page = new ArrayList<>();
    Position last = null;
    for (Map.Entry<Position, Entry> at : rest.entrySet()) {
      if (!at.getKey().indexKey.startsWith(prefix)) {
        break;
      }
      if (last != null && page.size() == limit) {
        return new Page(page, Optional.of(last.cursor()));
      }
      page.add(at.getValue());
      last = at.getKey();
    }
    return new Page(page, Optional.empty());
  }

  private record Row(Entry entry, Map<String, String> indexKeys) {}

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
        if (end <= cursor.length() && cursor.startsWith(prefix, start)) {
          return new Position(cursor.substring(start, end), cursor.substring(end));
        }
      }
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "after: is not a cursor of this scan; allowed: Page.next");
    }
  }
}
