package io.powernode.dim.spi;

import io.powernode.dim.api.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where an orchestrator keeps what must not be lost: versioned entries, changed by guarded atomic
 * commits. Thread-safe.
 *
 * <p>A commit belongs to a stream, of which each orchestrator has its own. Commits of a stream take
 * effect in the order in which they were handed in, and its changes are numbered from 1 without
 * gaps; there is no order between streams.
 */
public interface StateStore extends AutoCloseable {
  /** What survives. */
  Durability durability();

  /**
   * Applies a commit, whole or not at all. The stage completes when it is durable. A failed guard
   * fails this commit and no other. {@link CommitResult.Unknown} means that the answer was lost and
   * {@link #lookup} tells.
   *
   * <p>A commit that can never take effect is told by an exception, thrown at once or as the
   * stage's: nothing of it was applied, and whoever hands it in again gets the same. A store throws
   * nothing else.
   *
   * @throws IllegalArgumentException if a stream, transaction id, key, index name or index key
   *     holds U+0000 or an unpaired surrogate, or is too long: a stream and the key of a guard or
   *     of a write may have 2,600 bytes in UTF-8, an index name, its index key and their entry's
   *     key together as many. Every store takes what is within these limits
   * @throws io.powernode.dim.api.DimException that is not retryable, if a value cannot be had as
   *     bytes, or is too large for the store
   */
  CompletionStage<CommitResult> commit(Commit commit);

  /**
   * What became of a transaction whose answer was lost. Waits for it if it is still under way.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  Outcome lookup(String transactionId);

  /**
   * The entry under {@code key}.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  Optional<Entry> get(String key);

  /**
   * Entries whose index key {@code index} starts with {@code prefix}, in the order of the index
   * key, then of the entry key.
   *
   * @param after where the page before ended, from {@link Page#next}; empty for the first
   * @param limit the most entries, 1 or more
   * @throws IllegalArgumentException if {@code limit} is less
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_ARGUMENT} if {@code after} is no cursor of this
   *     scan, {@link io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  Page scan(String index, String prefix, Optional<String> after, int limit);

  /**
   * How many entries a scan would find, without reading them.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  long count(String index, String prefix);

  /**
   * The highest key in an index, without reading any entry; empty if the index is.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  Optional<String> lastKey(String index);

  /**
   * Hears a stream's changes after number {@code after}, none missed, none twice, in order. A
   * change that is no longer kept is announced by {@link Change.Compacted}: read the state, then go
   * on.
   *
   * @param after 0 or more
   * @throws IllegalArgumentException if {@code after} is negative
   */
  Subscription watch(String stream, long after, Consumer<Change> changes);

  /**
   * Opens a session, the right to write as {@code owner} for as long as it is renewed. Its epoch is
   * higher than that of any session before and is never used again. Expiry is judged by the store's
   * clock.
   *
   * @param ttl above 0, up to 36,500 days
   * @throws IllegalArgumentException if {@code ttl} is out of range
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  Session open(String owner, Duration ttl);

  /**
   * The sessions that were opened and not forgotten, ended ones included, by rising epoch: who
   * shares the store, and whose jobs may have to be taken over. One that has expired is ended as
   * soon as it is listed while none of its commits is under way, for good, and listed as {@link
   * Standing#ENDED} by the next call at the latest.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  List<SessionState> sessions();

  /**
   * Leaves an ended session out of {@link #sessions} from now on, because nothing that it owned is
   * left. That is certain only if nothing was found after it had been listed as {@link
   * Standing#ENDED}: a commit that was judged while it was live may take effect long after it
   * expired. Does nothing if it is live, has merely expired, or is not known. It stays ended for
   * {@link Commit.Guard}s.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#UNAVAILABLE}
   */
  void forget(long epoch);

  @Override
  void close();

  /** What survives. */
  enum Durability {
    /** Nothing. */
    NONE,
    /** Commits survive the death of the process. */
    PROCESS_CRASH,
    /** Commits survive the death of the machine, if its disk does. */
    MACHINE_CRASH,
    /** Commits survive the loss of a machine. */
    REPLICATED
  }

  /** What became of a transaction. */
  enum Outcome {
    /** It took effect. */
    COMMITTED,
    /** It did not and never will. */
    ABSENT
  }

  /** The right to write for a while. */
  interface Session extends AutoCloseable {
    /** Never used by another session of this store. */
    long epoch();

    /** Extends the session by its time to live; false if it has expired, for good. */
    boolean renew();

    /** Ends the session at once. */
    @Override
    void close();
  }

  /**
   * A session as the store sees it.
   *
   * @param epoch its epoch
   * @param owner who opened it
   * @param standing what it could still do at that moment
   */
  record SessionState(long epoch, String owner, Standing standing) {
    /** Whether it was neither closed nor expired. */
    public boolean isLive() {
      return standing == Standing.LIVE;
    }
  }

  /** What a session can still do. */
  enum Standing {
    /** Write. */
    LIVE,
    /** Nothing new; but a commit that was judged before may be under way, and take effect. */
    EXPIRED,
    /** Nothing, for good: whatever it ever committed can be read. */
    ENDED
  }

  /**
   * A stored entry.
   *
   * @param key its key
   * @param version 1 for the first write, one more for each later one
   * @param value its value
   */
  record Entry(String key, long version, StoredValue value) {}

  /**
   * Some entries of a scan.
   *
   * @param entries in index order
   * @param next where to go on; empty at the end
   */
  record Page(List<Entry> entries, Optional<String> next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** What a watcher hears. */
  sealed interface Change {
    /** The number of the change in its stream. */
    long at();

    /**
     * A commit took effect.
     *
     * @param at its number
     * @param keys the keys that it wrote or deleted, in its order
     */
    record Applied(long at, List<String> keys) implements Change {
      public Applied {
        keys = List.copyOf(keys);
      }
    }

    /**
     * Changes up to a number are no longer kept.
     *
     * @param at the number; the next change heard is the one after it
     */
    record Compacted(long at) implements Change {}
  }
}
