package io.powernode.dim.jdbc.proof;

import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What processes were told is durable, to be compared with what the store has after their death.
 * Journals are deleted when their job ends; records, endings and used keys are kept. Thread-safe.
 */
final class Claims {
  private static final Set<String> KEPT = Set.of("job", "end", "idem");

  private final History history;
  private final Map<String, Long> versions = new HashMap<>();
  private final Set<String> promised = new HashSet<>();
  private final Set<String> unchecked = new HashSet<>();
  private long checked;

  Claims(History history) {
    this.history = history;
  }

  synchronized void written(String key) {
    versions.merge(key, 1L, Long::sum);
    unchecked.add(key);
  }

  /** What the user was told, perhaps after a look into the store only. */
  synchronized void promised(String key) {
    promised.add(key);
    unchecked.add(key);
  }

  synchronized boolean has(String key) {
    return versions.containsKey(key);
  }

  /** Compares what was claimed since the last time. */
  synchronized void check(StateStore store) {
    unchecked.forEach(key -> check(key, store));
    checked += unchecked.size();
    unchecked.clear();
  }

  /** Compares everything. */
  synchronized void checkAll(StateStore store) {
    unchecked.addAll(versions.keySet());
    unchecked.addAll(promised);
    check(store);
  }

  synchronized long checked() {
    return checked;
  }

  private void check(String key, StateStore store) {
    String[] parts = key.split("/", 3);
    String job = parts[1];
    Optional<Entry> entry = store.get(key);
    if (KEPT.contains(parts[0])) {
      long version = entry.map(Entry::version).orElse(0L);
      long claimed = versions.getOrDefault(key, 1L);
      if (version < claimed) {
        history.fault(job, key + " is lost: version " + version + " instead of " + claimed);
      }
      if (parts[0].equals("end") && version > 1) {
        history.fault(job, "ended " + version + " times");
      }
    } else if (parts[0].equals("journal") && entry.isEmpty() && store.get("end/" + job).isEmpty()) {
      history.fault(job, key + " is lost");
    }
  }
}
