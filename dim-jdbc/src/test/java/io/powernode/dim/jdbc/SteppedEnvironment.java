package io.powernode.dim.jdbc;

import io.powernode.dim.spi.Environment;
import io.powernode.dim.testkit.ForwardingEnvironment;
import io.powernode.dim.testkit.SettableClock;
import java.time.Instant;

/** The machine's threads, and a clock that goes on when it is told to. */
final class SteppedEnvironment extends ForwardingEnvironment {
  final SettableClock clock = new SettableClock();

  SteppedEnvironment() {
    super(Environment.system());
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }
}
