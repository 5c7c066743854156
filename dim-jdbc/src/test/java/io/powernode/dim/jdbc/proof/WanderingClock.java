package io.powernode.dim.jdbc.proof;

import io.powernode.dim.spi.Environment;
import io.powernode.dim.testkit.ForwardingEnvironment;
import java.time.Duration;
import java.time.Instant;

/**
 * The machine's environment but for its wall clock, which every now and then is set to the right
 * time, or two hours before or after it.
 */
final class WanderingClock extends ForwardingEnvironment {
  private static final Duration[] OFF = {Duration.ZERO, Duration.ofHours(2), Duration.ofHours(-2)};
  private static final int READINGS = 50;

  private volatile Duration off = Duration.ZERO;

  WanderingClock() {
    super(Environment.system());
  }

  @Override
  public Instant now() {
    if (random().nextInt(READINGS) == 0) {
      off = OFF[random().nextInt(OFF.length)];
    }
    return super.now().plus(off);
  }
}
