package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationEstimatorTest {
  private final DurationEstimator estimator = new DurationEstimator();

  @Test
  void estimate_beforeAnythingWasObserved_isTheFirstGuess() {
    assertThat(estimator.estimate("chained")).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void estimate_ofAKnownKind_isItsOwn() {
    observe("fast", 1);
    observe("slow", 100);

    assertThat(estimator.estimate("fast")).isEqualTo(Duration.ofSeconds(1));
    assertThat(estimator.estimate("slow")).isEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void estimate_ofAnUnknownKind_isThatOfAll() {
    observe("fast", 10);
    observe("slow", 110);

    assertThat(estimator.estimate("other")).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void estimate_afterAnotherObservation_movesByAFifth() {
    observe("kind", 10);
    observe("kind", 20);

    assertThat(estimator.estimate("kind")).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void estimate_afterAChange_followsIt() {
    observe("kind", 1_000);
    for (int i = 0; i < 50; i++) {
      observe("kind", 1);
    }

    assertThat(estimator.estimate("kind").toMillis() / 1000.0).isCloseTo(1, within(0.1));
  }

  @Test
  void time_belowZero_countsAsNone() {
    observe("kind", -5);

    assertThat(estimator.estimate("kind")).isZero();
  }

  @Test
  void kind_notSeenForLong_isForgotten() {
    observe("old", 7);
    observe("used", 7);
    for (int i = 0; i < DurationEstimator.MAX_KINDS - 1; i++) {
      estimator.estimate("used");
      observe("kind-" + i, 1);
    }

    assertThat(estimator.estimate("used")).isEqualTo(Duration.ofSeconds(7));
    assertThat(estimator.estimate("old").toMillis()).isCloseTo(1_000, within(10L));
  }

  private void observe(String kind, long seconds) {
    estimator.observe(kind, Duration.ofSeconds(seconds));
  }
}
