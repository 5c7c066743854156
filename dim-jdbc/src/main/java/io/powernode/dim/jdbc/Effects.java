package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a batch changes, in the end: an entry that it writes twice is written once. */
final class Effects {
  private static final Comparator<Digest> BY_VALUE = Comparator.comparing(Digest::value);

  /** Where each stream that gets changes is in the end, by name. */
  final SortedMap<String, StreamHead> streams = new TreeMap<>();

  final List<LoggedChange> changes = new ArrayList<>();

  /** Entries that were not there, by key. */
  final SortedMap<String, NewRow> inserts = new TreeMap<>();

  /** Entries that were there, by key. */
  final SortedMap<String, NewRow> updates = new TreeMap<>();

  final List<String> deletes = new ArrayList<>();

  /** Keys that must not have an entry when the transaction ends, and get none from it. */
  final List<String> absences = new ArrayList<>();

  /** Keys that were to be deleted and had no entry: they must not have got one meanwhile. */
  final List<String> missed = new ArrayList<>();

  final List<IndexKey> unlisted = new ArrayList<>();
  final List<IndexKey> listed = new ArrayList<>();

  /** By how much the number of entries that refer to a blob rises or falls. */
  final Map<Digest, Integer> references = new TreeMap<>(BY_VALUE);

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** An entry as it will be. */
  record NewRow(Row row, Cell cell) {
    static final NewRow NONE = new NewRow(Row.ABSENT, Cell.NONE);
  }

  /** A line of the log of changes. */
  record LoggedChange(String stream, long at, String transactionId, List<String> keys) {}

  /** A line of an index. */
  record IndexKey(String index, String indexKey, String key) {}
}
