package io.powernode.dim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final Target AT_MOST =
      Target.atMost(
          "ours",
          "p50 <= 2 x theirs + 1 µs",
          Quantity.p50("ours"),
          Quantity.p50("theirs").times(2).plus(Quantity.micros(1)),
          Target.Unit.MICROS);
  private static final Target AT_LEAST =
      Target.atLeast(
          "ours",
          "as many as theirs",
          Quantity.perSecond("ours"),
          Quantity.perSecond("theirs"),
          Target.Unit.PER_SECOND);

  @Test
  void verdict_severalRounds_isTheMedianOfTheRatiosInEach() {
    Target.Verdict verdict =
        AT_MOST.verdict(rounds(new double[][] {{3_000, 1_000}, {7_000, 2_000}, {90_000, 4_000}}));

    assertThat(verdict.ratio()).isEqualTo(1.4);
    assertThat(verdict.measured()).isEqualTo(7);
    assertThat(verdict.bound()).isEqualTo(5);
    assertThat(verdict.isMet()).isFalse();
  }

  @Test
  void verdict_evenRounds_isTheMeanOfTheTwoInTheMiddle() {
    assertThat(AT_MOST.verdict(rounds(new double[][] {{3_000, 1_000}, {1_500, 1_000}})).ratio())
        .isEqualTo(0.75);
  }

  @Test
  void verdict_bound_isMetOnItsOwnSide() {
    List<Round> slow = rounds(new double[][] {{6_000, 1_000}});
    List<Round> fast = rounds(new double[][] {{500, 1_000}});

    assertThat(AT_MOST.verdict(slow).isMet()).isFalse();
    assertThat(AT_MOST.verdict(fast).isMet()).isTrue();
    assertThat(AT_LEAST.verdict(slow).isMet()).isFalse();
    assertThat(AT_LEAST.verdict(fast).isMet()).isTrue();
  }

  @Test
  void verdict_aRoundFailed_isNeverMet() {
    Round good = rounds(new double[][] {{500, 1_000}}).get(0);
    Round ours = new Round(Map.of("ours", Sample.FAILED, "theirs", good.sample("theirs")));
    Round theirs = new Round(Map.of("ours", good.sample("ours"), "theirs", Sample.FAILED));

    for (Round failed : List.of(ours, theirs)) {
      assertThat(AT_MOST.verdict(List.of(good, good, failed)).isMet()).isFalse();
      assertThat(AT_LEAST.verdict(List.of(failed, good, good)).isMet()).isFalse();
      assertThat(AT_LEAST.verdict(List.of(failed)).isMet()).isFalse();
    }
    assertThat(AT_MOST.verdict(List.of(good, good, good)).isMet()).isTrue();
  }

  /** Rounds by the nanoseconds that ours and theirs took. */
  private static List<Round> rounds(double[][] nanos) {
    return Arrays.stream(nanos)
        .map(pair -> new Round(Map.of("ours", sample(pair[0]), "theirs", sample(pair[1]))))
        .toList();
  }

  private static Sample sample(double nanos) {
    return new Sample(nanos, nanos, 1e9 / nanos);
  }
}
