package io.powernode.dim.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The live sessions of a store in memory. Guarded by the store's lock. */
final class Sessions {
  private final LongSupplier nanoTime;
  private final Map<Long, Long> ends = new HashMap<>();
  private long lastEpoch;

  Sessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  long open(Duration ttl) {
    long now = nanoTime.getAsLong();
    ends.values().removeIf(end -> isOver(end, now));
    ends.put(++lastEpoch, now + ttl.toNanos());
    return lastEpoch;
  }

  boolean isLive(long epoch) {
    Long end = ends.get(epoch);
    return end != null && !isOver(end, nanoTime.getAsLong());
  }

  /** Not so for an epoch that no session had yet. */
  boolean isEnded(long epoch) {
    return epoch >= 1 && epoch <= lastEpoch && !isLive(epoch);
  }

  boolean renew(long epoch, Duration ttl) {
    if (!isLive(epoch)) {
      ends.remove(epoch);
      return false;
    }
    ends.put(epoch, nanoTime.getAsLong() + ttl.toNanos());
    return true;
  }

  void end(long epoch) {
    ends.remove(epoch);
  }

  /** By difference, because the clock's origin is arbitrary and its values may overflow. */
  private static boolean isOver(long end, long now) {
    return now - end >= 0;
  }
}
