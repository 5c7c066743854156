package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountdownTest {
  private final ManualEnvironment environment = new ManualEnvironment();
  private final List<Duration> told = new ArrayList<>();

  private void tell(Duration left, BooleanSupplier isOver) {
    assertThat(isOver.getAsBoolean()).isFalse();
    told.add(left);
  }

  /** A limit, and how often what is left of it is told: after each step, and at the end. */
  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.5S, 1", "PT1S, 1", "PT3.5S, 4", "PT8S, 8", "PT80S, 8", "PT24H, 144"})
  void start_always_tellsWhatIsLeftAtEachStepAndAtTheEnd(Duration limit, int times) {
    Countdown countdown = Countdown.start(environment, limit, this::tell);
    assertThat(countdown.left()).isEqualTo(limit);
    environment.advance(limit);
    assertThat(told)
        .hasSize(times)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(told.get(times - 1)).isZero();
    environment.advance(Duration.ofDays(1));
    assertThat(told).hasSize(times);
    assertThat(countdown.left()).isZero();
  }

  @Test
  void close_beforeTheEnd_tellsNothingMore() {
    Countdown countdown = Countdown.start(environment, Duration.ofSeconds(80), this::tell);
    environment.advance(Duration.ofSeconds(25));
    countdown.close();
    environment.advance(Duration.ofSeconds(80));
    assertThat(told).containsExactly(Duration.ofSeconds(70), Duration.ofSeconds(60));
    assertThat(environment.scheduled()).isZero();
  }

  @Test
  void listener_thatThrows_isToldAgainAndOfTheEndToo() {
    int[] failures = {0};
    Countdown.start(
        environment,
        Duration.ofSeconds(2),
        (left, isOver) -> {
          told.add(left);
          if (failures[0]++ < 3) {
            throw new OutOfMemoryError("heap");
          }
        });
    for (int second = 1; second <= 6; second++) {
      catchThrowable(() -> environment.advance(Duration.ofSeconds(1)));
    }
    assertThat(told)
        .containsExactly(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, Duration.ZERO);
    assertThat(environment.scheduled()).isZero();
  }

  @Test
  void close_duringACall_isHeardThere() {
    Countdown[] countdown = new Countdown[1];
    List<Boolean> over = new ArrayList<>();
    countdown[0] =
        Countdown.start(
            environment,
            Duration.ofSeconds(2),
            (left, isOver) -> {
              over.add(isOver.getAsBoolean());
              countdown[0].close();
              over.add(isOver.getAsBoolean());
            });
    environment.advance(Duration.ofSeconds(5));
    assertThat(over).containsExactly(false, true);
  }
}
