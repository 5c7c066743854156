package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RoutineTest {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final List<Integer> rounds = new ArrayList<>();

  private Routine start(Duration first, BooleanSupplier round) {
    return Routine.start(
        environment,
        first,
        PAUSE,
        "a round failed",
        () -> {
          rounds.add(rounds.size());
          return round.getAsBoolean();
        });
  }

  @Test
  void round_thatThrows_isFollowedByAnother() {
    List<Throwable> faults =
        List.of(
            new IllegalStateException("down"),
            new NoSuchMethodError("a plugin of another version"),
            new OutOfMemoryError("heap"));
    start(
        PAUSE,
        () -> {
          Throwable fault = faults.get(rounds.size() % 3);
          if (fault instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) fault;
        });
    environment.advance(PAUSE.multipliedBy(9));

    assertThat(rounds).hasSize(9);
  }

  @Test
  void round_withoutAThread_comesAsSoonAsThereIsOne() {
    start(PAUSE, () -> true);
    environment.withoutThread = 3;
    environment.advance(PAUSE.plusMillis(299));
    assertThat(rounds).isEmpty();
    environment.advance(Duration.ofMillis(1));
    assertThat(rounds).hasSize(1);
    environment.advance(PAUSE);
    assertThat(rounds).hasSize(2);
  }

  @Test
  void round_thatSaysSo_isTheLast() {
    start(PAUSE, () -> rounds.size() < 3);
    environment.advance(PAUSE.multipliedBy(9));

    assertThat(rounds).hasSize(3);
    assertThat(environment.scheduled()).isZero();
  }

  @Test
  void close_always_isFollowedByNoRound() {
    Routine[] routine = new Routine[1];
    routine[0] =
        start(
            PAUSE,
            () -> {
              if (rounds.size() == 2) {
                routine[0].close();
              }
              return true;
            });
    environment.advance(PAUSE.multipliedBy(9));

    assertThat(rounds).hasSize(2);
    assertThat(environment.scheduled()).isZero();
  }
}
