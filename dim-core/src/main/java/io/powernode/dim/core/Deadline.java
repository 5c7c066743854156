package io.powernode.dim.core;

import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.Optional;

/**
 * When tasks must have ended.
 *
 * @param at on the environment's monotonic clock
 * @param isSilent whether nothing else ends them then, so that each watches the time itself
 */
record Deadline(long at, boolean isSilent) {

  /** The deadline of a job, or of its rollback, whose own alarm ends the tasks. */
  static Deadline withAlarm(long at) {
    return new Deadline(at, false);
  }

  /** This one, or the end of {@code limit} from now if that is sooner. */
  Deadline within(Optional<Duration> limit, Environment environment) {
    long now = environment.nanoTime();
    return limit
        .map(Spans::nanos)
        .filter(nanos -> nanos < at - now)
        .map(nanos -> new Deadline(now + nanos, true))
        .orElse(this);
  }
}
