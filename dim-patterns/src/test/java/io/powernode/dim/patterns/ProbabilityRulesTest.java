package io.powernode.dim.patterns;

import static io.powernode.dim.api.DecisionStatus.ABSTAINED;
import static io.powernode.dim.api.DecisionStatus.BELOW_AGREEMENT;
import static io.powernode.dim.api.DecisionStatus.REACHED;
import static io.powernode.dim.api.DecisionStatus.TIE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbabilityRulesTest {
  private static final Consensus MEAN = Consensus.meanProbability();
  private static final Consensus MEDIAN = Consensus.medianProbability();

  private static ConsensusRule rule(Consensus consensus) {
    return consensus.method().equals("mean_probability")
        ? new MeanProbability()
        : new MedianProbability();
  }

  /** One row; each model votes for its likeliest label, and abstains without probabilities. */
  private static Ballots row(double[]... models) {
    List<Ballot> ballots = new ArrayList<>();
    int labels = Math.max(2, Stream.of(models).mapToInt(model -> model.length).max().orElse(2));
    for (double[] model : models) {
      int vote =
          IntStream.range(0, model.length)
              .reduce((best, label) -> model[label] > model[best] ? label : best)
              .orElse(Ballot.ABSTAIN);
      double[] given = model.length == 0 ? new double[labels] : model;
      ballots.add(new Ballot("m" + ballots.size(), .9, new int[] {vote}, Optional.of(given)));
    }
    return new Ballots(List.of("r0"), List.of("a", "b", "c").subList(0, labels), ballots);
  }

  private static double[] p(double... probabilities) {
    return probabilities;
  }

  static Stream<Arguments> decisions() {
    Ballots bold = row(p(.95, .05), p(.4, .6), p(.45, .55));
    Ballots even = row(p(.7, .3), p(.3, .7));
    Ballots three = row(p(.1, .5, .4), p(.1, .5, .4), p(.6, 0, .4), p(.5, .1, .4));
    return Stream.of(
        arguments(MEAN, bold, REACHED, "a", 1.8 / 3, 1 / 3.),
        arguments(MEDIAN, bold, REACHED, "b", .55, 2 / 3.),
        arguments(MEAN.minAgreement(.5), bold, BELOW_AGREEMENT, "", -1, 1 / 3.),
        arguments(MEAN.weights(Map.of("m1", 5.0)), bold, REACHED, "b", 3.6 / 7, 6 / 7.),
        arguments(MEAN, even, TIE, "", -1, .5),
        arguments(MEAN.tie(TieRule.FIRST), even, REACHED, "a", .5, .5),
        arguments(MEDIAN.tie(TieRule.EXPERT), even, TIE, "", -1, .5),
        arguments(MEDIAN.tie(TieRule.FIRST), even, REACHED, "a", .5, .5),
        arguments(MEAN, row(p(.2, .8), p(), p(.4, .6)), REACHED, "b", .7, 1),
        arguments(MEDIAN, row(p(), p(), p()), ABSTAINED, "", -1, 0),
        // The label that all find possible wins over those that half of them exclude.
        arguments(MEAN, three, REACHED, "c", .4, 0),
        arguments(MEDIAN, three, REACHED, "c", .4, 0),
        arguments(
            MEAN.weights(Map.of("m0", Double.MAX_VALUE, "m1", Double.MIN_VALUE)),
            row(p(.2, .8), p(.9, .1)),
            REACHED,
            "b",
            .8,
            1));
  }

  @ParameterizedTest
  @MethodSource("decisions")
  void decide_ofARow_takesTheMostProbableLabel(
      Consensus consensus,
      Ballots row,
      DecisionStatus status,
      String label,
      double confidence,
      double agreement) {
    Decision decision = rule(consensus).decide(row, consensus).get(0);
    assertThat(decision.status()).isEqualTo(status);
    assertThat(decision.label().orElse("")).isEqualTo(label);
    assertThat(decision.confidence().orElse(-1.0)).isCloseTo(confidence, within(1e-12));
    assertThat(decision.agreement()).isCloseTo(agreement, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.2, .3, .4})
  void threshold_ofTheJob_dividesTwoLabels(double threshold) {
    Consensus job = Consensus.meanProbability();
    Consensus consensus =
        new Consensus(
            job.method(),
            job.minAgreement(),
            job.weights(),
            job.tie(),
            Optional.of(threshold),
            job.labels(),
            job.reviewTimeout(),
            job.onReviewTimeout(),
            job.options());
    Decision decision =
        rule(consensus).decide(row(p(.8, .2), p(.6, .4), p(.7, .3)), consensus).get(0);
    assertThat(decision.label()).contains(threshold <= .3 ? "b" : "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean_probability", "median_probability"})
  void decide_aModelWithoutProbabilities_isRefusedByItsName(String method) {
    Consensus consensus = Consensus.of(method);
    Ballots ballots =
        new Ballots(
            List.of("r0"),
            List.of("a", "b"),
            List.of(
                new Ballot("m0", 1, new int[] {0}, Optional.of(p(.8, .2))),
                new Ballot("m1", 1, new int[] {0}, Optional.empty())));
    assertThat(rule(consensus).needsProbabilities()).isTrue();
    assertThatThrownBy(() -> rule(consensus).decide(ballots, consensus))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(method + ": the model m1 gave no probabilities");
  }

  @Test
  void weights_ofProbabilityRules_areGivenOrOne() {
    Ballots ballots = row(p(.2, .8), p(.9, .1));
    assertThat(rule(MEAN).weights(ballots, MEAN.weights(Map.of("m1", 2.5))))
        .containsExactly(1, 2.5);
    assertThat(rule(MEDIAN).weights(ballots, MEDIAN)).containsExactly(1, 1);
  }
}
