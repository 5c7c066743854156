package io.powernode.dim.core;

import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The sessions of a store in memory. Guarded by the store's lock. */
final class Sessions {
  private final LongSupplier nanoTime;
  private final NavigableMap<Long, Known> known = new TreeMap<>();
  private long lastEpoch;

  Sessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A session.
   *
   * @param end when it expires
   * @param isClosed for good, because it was closed or found expired
   */
  private record Known(String owner, long end, boolean isClosed) {}

  long open(String owner, Duration ttl) {
    known.put(++lastEpoch, new Known(owner, nanoTime.getAsLong() + ttl.toNanos(), false));
    return lastEpoch;
  }

  boolean isLive(long epoch) {
    Known session = known.get(epoch);
    return session != null && isLive(session);
  }

  /** By difference, because the clock's origin is arbitrary and its values may overflow. */
  private boolean isLive(Known session) {
    return !session.isClosed && nanoTime.getAsLong() - session.end < 0;
  }

  /** Not so for an epoch that no session had yet. */
  boolean isEnded(long epoch) {
    return epoch >= 1 && epoch <= lastEpoch && !isLive(epoch);
  }

  boolean renew(long epoch, Duration ttl) {
    if (!isLive(epoch)) {
      end(epoch);
      return false;
    }
    known.put(
        epoch, new Known(known.get(epoch).owner, nanoTime.getAsLong() + ttl.toNanos(), false));
    return true;
  }

  void end(long epoch) {
    known.computeIfPresent(epoch, (e, session) -> new Known(session.owner, session.end, true));
  }

  /** None is under way while commits are judged and applied at once. */
  List<SessionState> all() {
    return known.entrySet().stream()
        .map(s -> new SessionState(s.getKey(), s.getValue().owner, standing(s.getValue())))
        .toList();
  }

  private Standing standing(Known session) {
    return isLive(session) ? Standing.LIVE : Standing.ENDED;
  }

  void forget(long epoch) {
    if (!isLive(epoch)) {
      known.remove(epoch);
    }
  }
}
