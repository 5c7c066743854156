package io.powernode.dim.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes that happen together, if all guards hold at that moment.
 *
 * @param stream whose commit it is
 * @param transactionId unique; under it {@link StateStore#lookup} tells what became of it
 * @param guards what must hold
 * @param writes what changes, in order; at most one for each key
 */
public record Commit(String stream, String transactionId, List<Guard> guards, List<Write> writes) {

  public Commit {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(transactionId, "transactionId");
    guards = List.copyOf(guards);
    writes = List.copyOf(writes);
  }

  /** A condition on the state. */
  public sealed interface Guard {
    /**
     * There is no entry under a key.
     *
     * @param key the key
     */
    record Absent(String key) implements Guard {}

    /**
     * The entry under a key has exactly this version.
     *
     * @param key the key
     * @param version the version
     */
    record AtVersion(String key, long version) implements Guard {}

    /**
     * The session of this epoch has not ended.
     *
     * @param epoch the epoch
     */
    record LiveSession(long epoch) implements Guard {}

    /**
     * The session of this epoch has ended, by being closed or by expiry: what it owned may be taken
     * over.
     *
     * @param epoch the epoch
     */
    record EndedSession(long epoch) implements Guard {}
  }

  /** One change. */
  public sealed interface Write {
    /** The key that changes. */
    String key();

    /**
     * Creates or replaces an entry.
     *
     * @param key the key
     * @param value the value
     * @param indexes index keys by index name; replaces the earlier ones of this entry
     */
    record Put(String key, StoredValue value, Map<String, String> indexes) implements Write {
      public Put {
        indexes = Map.copyOf(indexes);
      }

      /** An entry that stands in no index. */
      public static Put of(String key, StoredValue value) {
        return new Put(key, value, Map.of());
      }
    }

    /**
     * Removes an entry; nothing happens if it is not there.
     *
     * @param key the key
     */
    record Delete(String key) implements Write {}
  }
}
