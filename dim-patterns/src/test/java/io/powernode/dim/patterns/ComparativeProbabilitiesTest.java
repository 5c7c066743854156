package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose methods or options need the models' probabilities. */
class ComparativeProbabilitiesTest extends ComparativeFixture {
  private static final Map<String, double[]> MALIGNANT =
      Map.of(
          "m1", new double[] {.9, .45}, "m2", new double[] {.4, .45}, "m3", new double[] {.4, .7});

  /** Two rows; a node that answers with probabilities where it has any. */
  private static Function<Task, Optional<TaskResult>> likely(String without) {
    return task -> {
      double[] risk = MALIGNANT.get(modelOf(task));
      TaskResult.Success votes =
          (TaskResult.Success)
              votes(
                  task,
                  List.of("x", "y"),
                  List.of(LABELS.get(risk[0] < .5 ? 0 : 1), LABELS.get(risk[1] < .5 ? 0 : 1)));
      Map<String, Tensor> outputs = new LinkedHashMap<>(votes.outputs());
      if (!modelOf(task).equals(without)) {
        outputs.put(
            "probabilities",
            Tensor.ofDoubles(new double[] {1 - risk[0], risk[0], 1 - risk[1], risk[1]}, 2, 2));
      }
      return Optional.of(TaskResult.success("n1", outputs, 2, 1));
    };
  }

  @Test
  void execute_meanAndMedianProbability_decideByThem() {
    Map<Consensus, List<String>> expected =
        Map.of(
            Consensus.meanProbability(), List.of("malignant", "malignant"),
            Consensus.medianProbability(), List.of("benign", "benign"),
            Consensus.majorityVote(), List.of("benign", "benign"));
    expected.forEach(
        (consensus, labels) -> {
          Completed done =
              (Completed)
                  ENGINE.execute(
                      spec(job().consensus(consensus)), FakeContext.of(catalog, likely("")));
          assertThat(done.output().decisions())
              .extracting(decision -> decision.label().orElse(""))
              .isEqualTo(labels);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "majority_vote",
        "weighted_vote",
        "mean_probability",
        "median_probability",
        "dawid_skene",
        "expert_review"
      })
  void execute_thresholdOnTwoProbabilities_partsThemAlikeByEveryMethod(String method) {
    Tensor scores = Tensor.ofDoubles(new double[] {.75, .25, .9, .1, .2, .8}, 3, 2);
    FakeContext context =
        new FakeContext(
            new FakeContext.Journal(),
            catalog,
            Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3}, 3, 1)),
            task -> Optional.of(TaskResult.success("n1", Map.of("scores", scores), 3, 1)));
    Consensus consensus = Consensus.of(method).minAgreement(.9).threshold(.25);
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(JobSpec.comparative("m1", "m2", "m3").consensus(consensus)), context);
    assertThat(done.output().decisions())
        .extracting(decision -> decision.label().orElse(""))
        .containsExactly("malignant", "benign", "malignant");
  }

  @Test
  void execute_modelWithoutProbabilitiesThatAreNeeded_isEvidenceWithWeightZero() {
    ComparativeSpec spec = spec(job().consensus(Consensus.meanProbability()));
    Completed done = (Completed) ENGINE.execute(spec, FakeContext.of(catalog, likely("m2")));
    ModelVotes left = done.evidence().votes().get(1);
    assertThat(left.weight()).isZero();
    assertThat(left.error().orElseThrow().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(left.error().orElseThrow().message()).contains("have no probabilities");
  }

  @Test
  void execute_policyThatKeepsProbabilitiesThatAreNeeded_isNotAskedForLabels() {
    for (Consensus consensus :
        List.of(Consensus.medianProbability(), Consensus.majorityVote().minConfidence(.6))) {
      FakeContext context =
          FakeContext.of(
              catalog,
              task -> Optional.of(FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "kept")));
      Failed failed = (Failed) ENGINE.execute(spec(job().consensus(consensus)), context);
      assertThat(failed.error().code()).isEqualTo(ErrorCode.NO_CONSENSUS);
      assertThat(failed.error().message()).contains("m1: POLICY_DENIED: kept");
      assertThat(context.journal.sent).containsExactly("vote/m1", "vote/m2", "vote/m3");
    }
  }

  @Test
  void execute_minConfidenceOnACabinet_isHeededByTheNode() {
    FakeContext context = FakeContext.of(catalog, likely(""));
    ENGINE.execute(spec(job().consensus(Consensus.majorityVote().minConfidence(.6))), context);
    assertThat(context.tasks.get("vote/m1").reduction())
        .contains(ReductionSpec.votes().with("minConfidence", .6).with("probabilities", true));
  }

  @Test
  void execute_minConfidenceOnOwnInputData_makesUnsureModelsAbstain() {
    Map<String, Tensor> input = Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                TaskResult.success(
                    "n1",
                    Map.of("risk", Tensor.ofDoubles(MALIGNANT.get(modelOf(task)), 2, 1)),
                    2,
                    1));
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.comparative("m1", "m2", "m3")
                        .consensus(Consensus.majorityVote().minConfidence(.65))),
                new FakeContext(new FakeContext.Journal(), catalog, input, nodes));
    assertThat(done.output().decisions())
        .extracting(d -> d.label().orElse("") + " " + d.agreement())
        .containsExactly("malignant 1.0", "malignant 1.0");
    assertThat(done.evidence().votes())
        .extracting(ModelVotes::labels)
        .containsExactly(List.of("malignant", ""), List.of("", ""), List.of("", "malignant"));
    assertThat(done.evidence().agreement().orElseThrow().pairs())
        .extracting(pair -> pair.rows())
        .containsExactly(0L, 0L, 0L);
  }

  @Test
  void execute_dawidSkene_tellsHowTheModelsErr() {
    ComparativeSpec spec = spec(job().consensus(Consensus.dawidSkene()));
    Map<String, String> votes = Map.of("m1", "bbbmmmb", "m2", "bbbmmmm", "m3", "bbbmmmb");
    Completed done = (Completed) ENGINE.execute(spec, FakeContext.of(catalog, voting(votes)));
    assertThat(done.output().decisions())
        .extracting(decision -> decision.label().orElse(""))
        .containsExactly(
            "benign", "benign", "benign", "malignant", "malignant", "malignant", "benign");
    assertThat(done.evidence().details().asMap())
        .containsEntry("converged", true)
        .containsEntry("labels", LABELS)
        .containsKeys("iterations", "priors", "confusion");
    assertThat(done.evidence().votes().get(1).weight()).isCloseTo(6 / 7., within(1e-6));
    assertThat(done.evidence().votes().get(0).weight()).isCloseTo(1, within(1e-6));
  }
}
