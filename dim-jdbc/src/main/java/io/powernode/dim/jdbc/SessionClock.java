package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.Snapshot.SessionStatus;
import io.powernode.dim.spi.StateStore.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which sessions of this process live, by a clock that never goes back. Those of earlier processes
 * ended with them. Thread-safe.
 */
final class SessionClock {
  private final LongSupplier nanoTime;
  private final Map<Long, Long> ends = new HashMap<>();
  private long lastEpoch;

  SessionClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Epochs up to this one were used before. */
  synchronized void startAfter(long epoch) {
    lastEpoch = epoch;
  }

  synchronized void begin(long epoch, Duration ttl) {
    lastEpoch = Math.max(lastEpoch, epoch);
    ends.put(epoch, nanoTime.getAsLong() + ttl.toNanos());
  }

  synchronized boolean renew(long epoch, Duration ttl) {
    boolean isLive = isLive(epoch);
    if (isLive) {
      ends.put(epoch, nanoTime.getAsLong() + ttl.toNanos());
    }
    return isLive;
  }

  synchronized void end(long epoch) {
    ends.remove(epoch);
  }

  synchronized boolean isLive(long epoch) {
    return standing(epoch) == Standing.LIVE;
  }

  /** One that has expired has not ended before {@link #endExpired}. */
  synchronized Standing standing(long epoch) {
    Long end = ends.get(epoch);
    if (end == null) {
      return Standing.ENDED;
    }
    return isDue(end) ? Standing.EXPIRED : Standing.LIVE;
  }

  synchronized boolean hasExpired() {
    return ends.values().stream().anyMatch(this::isDue);
  }

  /** To be called while nothing is written that may rest on their being live. */
  synchronized void endExpired() {
    ends.values().removeIf(this::isDue);
  }

  /** By difference, because the clock may overflow. */
  private boolean isDue(long end) {
    return nanoTime.getAsLong() - end >= 0;
  }

  synchronized Map<Long, SessionStatus> statusOf(Collection<Long> epochs) {
    Map<Long, SessionStatus> status = new HashMap<>();
    for (long epoch : epochs) {
      if (isLive(epoch)) {
        status.put(epoch, SessionStatus.LIVE);
      } else if (epoch >= 1 && epoch <= lastEpoch) {
        status.put(epoch, SessionStatus.ENDED);
      }
    }
    return status;
  }
}
