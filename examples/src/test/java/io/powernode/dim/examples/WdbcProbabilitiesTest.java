package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.daemon.CabinetPolicy;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same four models and tumours, decided by more than counting. */
class WdbcProbabilitiesTest {
  private static final CabinetPolicy OPEN =
      WdbcVotesTest.labelsOnly().allowReductions("metrics").allowRowProbabilities();

  private static double[][] malignant;

  @BeforeAll
  static void read() throws IOException {
    WdbcVotesTest.read();
    List<float[]> features = WdbcVotesTest.rows.stream().map(WdbcVotesTest::features).toList();
    malignant =
        WdbcVotesTest.models.stream()
            .map(model -> probabilities(model, features))
            .toArray(double[][]::new);
  }

  private static double[] probabilities(RawModel model, List<float[]> features) {
    var outputs = model.infer(features);
    return outputs.containsKey("probability")
        ? outputs.get("probability").toDoubles()
        : IntStream.range(0, features.size())
            .mapToDouble(row -> outputs.get("probabilities").toDoubles()[2 * row + 1])
            .toArray();
  }

  private static double[] ofRow(int row) {
    return Arrays.stream(malignant).mapToDouble(model -> model[row]).sorted().toArray();
  }

  private static long right(JobResult result) {
    List<Decision> decisions = result.output().decisions();
    return IntStream.range(0, decisions.size())
        .filter(row -> decisions.get(row).label().equals(Optional.of(truth(row))))
        .count();
  }

  private static String truth(int row) {
    return WdbcVotesTest.rows.get(row)[1].equals("M") ? "malignant" : "benign";
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean_probability", "median_probability"})
  void decisions_byProbability_areThoseComputedByHand(String method) {
    JobResult result = run(Consensus.of(method), OPEN);
    List<Decision> decisions = result.output().decisions();
    for (int row = 0; row < decisions.size(); row++) {
      double[] sorted = ofRow(row);
      double combined =
          method.equals("mean_probability")
              ? Arrays.stream(sorted).average().orElseThrow()
              : (sorted[1] + sorted[2]) / 2;
      Decision decision = decisions.get(row);
      assertThat(decision.label()).contains(combined > .5 ? "malignant" : "benign");
      assertThat(decision.confidence().orElseThrow())
          .isCloseTo(Math.max(combined, 1 - combined), within(1e-6));
    }
    assertThat(right(result)).isGreaterThan(WdbcVotesTest.rows.size() * 9L / 10);
  }

  @Test
  void decisions_byDawidSkene_areMostlyRightAndTellHowModelsErr() {
    JobResult result = run(Consensus.dawidSkene(), WdbcVotesTest.labelsOnly());
    assertThat(right(result)).isGreaterThan(WdbcVotesTest.rows.size() * 9L / 10);
    Evidence evidence = result.evidence();
    assertThat(evidence.details().flag("converged")).contains(true);
    assertThat(evidence.votes()).allMatch(votes -> votes.weight() > .8 && votes.weight() <= 1);
    assertThat(evidence.agreement().orElseThrow().pairs()).hasSize(6);
    // All models vote on all rows, where both coefficients nearly coincide.
    assertThat(evidence.agreement().orElseThrow().krippendorffAlpha().orElseThrow())
        .isCloseTo(evidence.agreement().orElseThrow().fleissKappa().orElseThrow(), within(.001));
  }

  @Test
  void votes_belowTheLeastConfidence_areAbstentions() {
    JobResult result = run(Consensus.majorityVote().minConfidence(.9), OPEN);
    for (int model = 0; model < malignant.length; model++) {
      List<String> labels = result.evidence().votes().get(model).labels();
      for (int row = 0; row < labels.size(); row++) {
        double p = malignant[model][row];
        if (Math.abs(Math.max(p, 1 - p) - .9) > 1e-6) {
          assertThat(labels.get(row).isEmpty()).isEqualTo(Math.max(p, 1 - p) < .9);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean_probability", "majority_vote"})
  void probabilities_thatTheOwnerKeeps_failTheJobThatNeedsThem(String method) {
    Consensus consensus = Consensus.of(method).minConfidence(.5);
    assertThatThrownBy(() -> run(consensus, WdbcVotesTest.labelsOnly()))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_CONSENSUS))
        .hasMessageContaining("probabilities for single rows are not allowed");
  }

  @Test
  void weights_learnedFromTheLabels_areTheLogarithmsOfTheOdds() {
    List<RawModel> models =
        WdbcVotesTest.models.stream()
            .map(m -> new RawModel(m.descriptor().withLabels(List.of("B", "M")), m.file()))
            .toList();
    Consensus learning = Consensus.weightedVote().with(Consensus.GOLD_CABINET, "tumours");
    JobResult result = WdbcVotesTest.run(learning, OPEN, models);
    for (ModelVotes votes : result.evidence().votes()) {
      long hits =
          IntStream.range(0, votes.labels().size())
              .filter(row -> votes.labels().get(row).equals(WdbcVotesTest.rows.get(row)[1]))
              .count();
      assertThat(votes.weight()).isCloseTo(Math.log((hits + 1.0) / (570 - hits)), within(1e-12));
    }
  }

  private static JobResult run(Consensus consensus, CabinetPolicy policy) {
    return WdbcVotesTest.run(consensus, policy, WdbcVotesTest.models);
  }
}
