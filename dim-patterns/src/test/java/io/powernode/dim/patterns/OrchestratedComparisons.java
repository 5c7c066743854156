package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.EngineCrashHarness.Report;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Regressions and calibrations on the real orchestrator, killed around each of its commits. */
public abstract class OrchestratedComparisons extends OrchestratedSuite {
  private static ModelDescriptor regression(String id) {
    return FakeModels.model(
        id,
        new Signature(
            List.of(TensorSpec.of("x", DataType.FP64, -1, 1)),
            List.of(TensorSpec.of("risk", DataType.FP64, -1, 1))));
  }

  private static ModelDescriptor classifier(String id) {
    return regression(id).withLabels(List.of("benign", "malignant"));
  }

  private static NodeProfile profile(String id) {
    return FakeProfile.of(id)
        .formats(FakeModels.FORMAT)
        .dataSet(FakeCatalog.cabinet("patients", "same"))
        .build();
  }

  @Test
  void comparative_ofRegressionsCrashedAnywhere_comesToTheSameNumbers() {
    Report report =
        onStore(
                EngineCrashHarness.of(
                    JobSpec.comparative("m1", "m2", "m3")
                        .nodes("a", "b")
                        .cabinet("patients")
                        .consensus(Consensus.median().absoluteTolerance(1).minAgreement(.6))
                        .build()))
            .model(regression("m1"))
            .model(regression("m2"))
            .model(regression("m3"))
            .node(
                env ->
                    new FakeNode(profile("a"), env)
                        .on("m1", Reply.answer(numbers(1, 4)))
                        .on("m3", Reply.fail(ErrorCode.NODE_LOST), Reply.answer(numbers(2, 40))))
            .node(env -> new FakeNode(profile("b"), env).on("m2", Reply.answer(numbers(3, 400))))
            .run();
    assertThat(report.outcome().output().orElseThrow().decisions())
        .containsExactly(
            Decision.ofValue("x", Optional.of(2.0), 1, DecisionStatus.REACHED),
            Decision.ofValue("y", Optional.empty(), 1 / 3., DecisionStatus.BELOW_AGREEMENT));
    assertThat(report.crashes()).isPositive();
  }

  @Test
  void comparative_calibratedAndCrashedAnywhere_tellsTheSameTables() {
    ReliabilityTally tally = new ReliabilityTally();
    tally.add(.85, true);
    tally.add(.95, true);
    Map<String, Tensor> table = tally.partial().values();
    Map<String, Tensor> likely = new LinkedHashMap<>();
    likely.put("row_ids", Tensor.ofStrings(List.of("x", "y")));
    likely.put("labels", Tensor.ofStrings(List.of("benign", "malignant")));
    likely.put("probabilities", Tensor.ofDoubles(new double[] {.85, .15, .05, .95}, 2, 2));
    Report report =
        onStore(
                EngineCrashHarness.of(
                    JobSpec.comparative("m1", "m2")
                        .nodes("a", "b")
                        .cabinet("patients")
                        .consensus(Consensus.meanProbability().calibration("patients"))
                        .build()))
            .model(classifier("m1"))
            .model(classifier("m2"))
            .node(
                env ->
                    new FakeNode(profile("a"), env)
                        .on("vote/m1", Reply.answer(likely))
                        .on("calibration/m1", Reply.answer(table).samples(2))
                        .on("consensus-calibration", Reply.answer(table).samples(2)))
            .node(
                env ->
                    new FakeNode(profile("b"), env)
                        .on("vote/m2", Reply.answer(likely))
                        .on("calibration/m2", Reply.fail(ErrorCode.POLICY_DENIED)))
            .run();
    assertThat(report.outcome().evidence().orElseThrow().calibration())
        .extracting(c -> c.modelId().orElse("all") + " " + c.reliability().isPresent())
        .containsExactly("m1 true", "m2 false", "all true");
    assertThat(report.outcome().evidence().orElseThrow().calibration().get(2).reliability())
        .contains(tally.reliability());
    assertThat(report.crashes()).isPositive();
  }

  private static Map<String, Tensor> numbers(double... numbers) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("row_ids", Tensor.ofStrings(List.of("x", "y")));
    outputs.put("numbers", Tensor.ofDoubles(numbers));
    return outputs;
  }
}
