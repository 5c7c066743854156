package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmTest {
  private final ManualEnvironment env = new ManualEnvironment();
  private final long start = env.nanoTime();
  private final List<Long> rung = new ArrayList<>();
  private final Alarm alarm = new Alarm(env, () -> rung.add(elapsed()));

  @Test
  void alarm_setSeveralTimes_ringsOnceAtTheEarliest() {
    alarm.set(start + 30);
    alarm.set(start + 10);
    alarm.set(start + 20);

    env.advance(Duration.ofNanos(100));

    assertThat(rung).containsExactly(10L);
  }

  @Test
  void alarm_setAgainAfterItRang_ringsAgain() {
    alarm.set(start + 10);
    env.advance(Duration.ofNanos(15));

    alarm.set(start + 20);
    env.advance(Duration.ofNanos(15));

    assertThat(rung).containsExactly(10L, 20L);
  }

  @Test
  void alarm_setToThePast_ringsAtOnce() {
    env.advance(Duration.ofNanos(5));

    alarm.set(start);
    env.advance(Duration.ZERO);

    assertThat(rung).containsExactly(5L);
  }

  @Test
  void alarm_whenClosed_neverRings() {
    alarm.set(start + 10);
    alarm.close();
    alarm.set(start + 20);

    env.advance(Duration.ofNanos(100));

    assertThat(rung).isEmpty();
    assertThat(env.scheduled()).isZero();
  }

  private long elapsed() {
    return env.nanoTime() - start;
  }
}
