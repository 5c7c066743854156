package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Evidence.PairAgreement;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is decided of numbers, computed by hand. */
class NumberRulesTest {
  private static final double NONE = Double.NaN;
  private static final Map<String, ConsensusRule> RULES =
      Map.of(
          "mean", new MeanNumber(),
          "weighted_mean", new WeightedMeanNumber(),
          "median", new MedianNumber());

  /** One model for each list of numbers, called m0, m1 and so on, of reputation 1, .5, .25. */
  static Ballots ballots(double[]... numbers) {
    List<Ballot> ballots = new ArrayList<>();
    for (double[] ofModel : numbers) {
      int model = ballots.size();
      ballots.add(Ballot.ofNumbers("m" + model, Math.scalb(1.0, -model), ofModel));
    }
    return new Ballots(
        IntStream.range(0, numbers[0].length).mapToObj(i -> "r" + i).toList(), List.of(), ballots);
  }

  private static double[] n(double... numbers) {
    return numbers;
  }

  private static Decision decide(Consensus consensus, double... numbers) {
    ConsensusRule rule = RULES.get(consensus.method());
    double[][] models = Arrays.stream(numbers).mapToObj(x -> n(x)).toArray(double[][]::new);
    return rule.decide(ballots(models), consensus).get(0);
  }

  static Stream<Arguments> decided() {
    Consensus within = Consensus.mean().absoluteTolerance(1);
    return Stream.of(
        arguments(within, n(1, 2, 3), 2, 1),
        arguments(within.minAgreement(.3), n(1, 2, 6), 3, 1 / 3.),
        arguments(within, n(NONE, 2, 3), 2.5, 1),
        arguments(within, n(NONE, NONE, 7), 7, 1),
        // A tenth of the mean, which is 100, is 10.
        arguments(Consensus.mean().relativeTolerance(.1), n(91, 100, 109), 100, 1),
        arguments(Consensus.mean().relativeTolerance(.1), n(-91, -100, -109), -100, 1),
        // The larger of the two tolerances counts.
        arguments(Consensus.mean().absoluteTolerance(1).relativeTolerance(.1), n(1, 2), 1.5, 1),
        arguments(Consensus.mean().absoluteTolerance(1).relativeTolerance(.1), n(95, 105), 100, 1),
        // 0.1 + 0.2 is not 0.3 in binary, and still agrees.
        arguments(Consensus.mean().absoluteTolerance(0), n(.1 + .2, .3), .3, 1),
        arguments(Consensus.mean().absoluteTolerance(.1), n(1, 1.2), 1.1, 1),
        // Reputations 1, 1/2 and 1/4: (4·1 + 2·2 + 1·6) / 7 = 2; the last model does not agree.
        arguments(
            Consensus.weightedMean().absoluteTolerance(1).minAgreement(.8), n(1, 2, 6), 2, 6 / 7.),
        // Given weights 1 and 3, and the reputation 1/4 of the third: (2 + 15 + 1) / 4.25.
        arguments(
            Consensus.weightedMean()
                .absoluteTolerance(1)
                .minAgreement(.7)
                .weights(Map.of("m0", 1.0, "m1", 3.0)),
            n(2, 5, 4),
            18 / 4.25,
            3.25 / 4.25),
        arguments(Consensus.median().absoluteTolerance(1).minAgreement(.6), n(1, 2, 90), 2, 2 / 3.),
        arguments(Consensus.median().absoluteTolerance(2), n(4, 1, 2, 3), 2.5, 1),
        arguments(Consensus.median().absoluteTolerance(0), n(1e308, 1e308), 1e308, 1),
        arguments(Consensus.mean().relativeTolerance(0), n(1e308, 1e308, 1e308), 1e308, 1));
  }

  @ParameterizedTest
  @MethodSource("decided")
  void decide_numbersThatAgreeEnough_isTheirConsensus(
      Consensus consensus, double[] numbers, double value, double agreement) {
    Decision decision = decide(consensus, numbers);
    assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
    assertThat(decision.value().orElseThrow())
        .isCloseTo(value, within(1e-12 * Math.max(1, Math.abs(value))));
    assertThat(decision.agreement()).isCloseTo(agreement, within(1e-12));
    assertThat(decision.label()).isEmpty();
    assertThat(decision.confidence()).isEmpty();
  }

  static Stream<Arguments> disputed() {
    return Stream.of(
        // All must agree unless the job says otherwise.
        arguments(Consensus.mean().absoluteTolerance(1), n(1, 2, 6), 1 / 3.),
        arguments(Consensus.mean().absoluteTolerance(.99), n(1, 2, 3), 1 / 3.),
        arguments(Consensus.mean().relativeTolerance(.08), n(91, 100, 109), 1 / 3.),
        arguments(Consensus.median().absoluteTolerance(1), n(1, 2, 90), 2 / 3.),
        arguments(Consensus.median().absoluteTolerance(1).minAgreement(.7), n(1, 2, 90), 2 / 3.),
        arguments(
            Consensus.weightedMean().absoluteTolerance(1).minAgreement(.9), n(1, 2, 6), 6 / 7.),
        arguments(Consensus.mean().absoluteTolerance(1), n(-1e308, 1e308), 0));
  }

  @ParameterizedTest
  @MethodSource("disputed")
  void decide_numbersFurtherApartThanTheTolerance_hasNoValue(
      Consensus consensus, double[] numbers, double agreement) {
    Decision decision = decide(consensus, numbers);
    assertThat(decision.status()).isEqualTo(DecisionStatus.BELOW_AGREEMENT);
    assertThat(decision.value()).isEmpty();
    assertThat(decision.agreement()).isCloseTo(agreement, within(1e-12));
  }

  @Test
  void decide_whereNobodyGivesANumber_isAbstained() {
    assertThat(decide(Consensus.mean().absoluteTolerance(1), NONE, NONE))
        .isEqualTo(Decision.ofValue("r0", Optional.empty(), 0, DecisionStatus.ABSTAINED));
  }

  /** Krippendorff (2011), section D: four observers, twelve units, numbers missing. */
  @Test
  void intervalAlpha_ofKrippendorffsOwnTable_isAsPublished() {
    Ballots ballots =
        ballots(
            n(1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE),
            n(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3),
            n(NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE),
            n(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE));
    assertThat(IntervalAlpha.of(ballots).orElseThrow()).isCloseTo(.849, within(.0005));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1e-160, 0", "1e300, 0", "1e9, 1e12"})
  void intervalAlpha_ofAnyScaleAndOrigin_isTheSame(double scale, double origin) {
    double[] one = {0, 1, 2, 4};
    double[] other = {1, 1, 3, 3};
    // Squared distances to the mean are 1/2, 0, 1/2, 1/2 within rows, and 41 - 15²/8 over all.
    double expected = 1 - 7 / 8. * (2 * 1.5) / (41 - 225 / 8.);
    Ballots ballots =
        ballots(
            Arrays.stream(one).map(x -> x * scale + origin).toArray(),
            Arrays.stream(other).map(x -> x * scale + origin).toArray());
    assertThat(IntervalAlpha.of(ballots).orElseThrow()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void intervalAlpha_withoutDisagreement_isOneOrUndefined() {
    assertThat(IntervalAlpha.of(ballots(n(1, 2, 9), n(1, 2, NONE)))).contains(1.0);
    assertThat(IntervalAlpha.of(ballots(n(2, 2), n(2, 2)))).as("all equal").isEmpty();
    assertThat(IntervalAlpha.of(ballots(n(1, NONE), n(NONE, 2)))).as("no pairs").isEmpty();
    assertThat(IntervalAlpha.of(ballots(n(), n()))).as("no rows").isEmpty();
  }

  @Test
  void pairwiseAgreement_ofNumbers_isWithinTheToleranceOfEitherOne() {
    Ballots ballots = ballots(n(1, 10, 5, NONE), n(2, 11, 9, 4), n(NONE, 21, NONE, 4));
    assertThat(PairwiseAgreement.ofNumbers(ballots, new Tolerance(1, 0)))
        .containsExactly(
            new PairAgreement("m0", "m1", 3, Optional.of(2 / 3.)),
            new PairAgreement("m0", "m2", 1, Optional.of(0.0)),
            new PairAgreement("m1", "m2", 2, Optional.of(.5)));
    // Half of 21 is more than 21 - 11, half of 11 is not.
    assertThat(PairwiseAgreement.ofNumbers(ballots, new Tolerance(0, .5)).get(2).share())
        .contains(1.0);
  }
}
