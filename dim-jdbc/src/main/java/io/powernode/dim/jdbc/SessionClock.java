package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.Snapshot.SessionStatus;
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

  /** One that is found expired stays so. By difference, because the clock may overflow. */
  synchronized boolean isLive(long epoch) {
    Long end = ends.get(epoch);
    boolean isLive = end != null && nanoTime.getAsLong() - end < 0;
    if (!isLive) {
      ends.remove(epoch);
    }
    return isLive;
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
