package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.core.Environment;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Jobs of all three patterns come to the same end whenever the orchestrator dies. */
class EngineCrashTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  @Test
  void collaborativeJob_whereverItCrashes_endsTheSame() {
    for (Aggregation method :
        List.of(
            Aggregation.federatedAveraging(),
            Aggregation.weightedAverage(),
            Aggregation.median())) {
      EngineCrashHarness.Report report =
          harness(
                  JobSpec.collaborative("risk")
                      .nodes("n1", "n2", "n3")
                      .cabinet("patients")
                      .aggregate(method)
                      .build())
              .run();
      assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
      assertThat(report.steps()).isEqualTo(3);
    }
  }

  @Test
  void comparativeJob_whereverItCrashes_endsTheSame() {
    EngineCrashHarness.Report report =
        harness(
                JobSpec.comparative("vote1", "vote2", "vote3")
                    .node("n1")
                    .cabinet("patients")
                    .consensus(Consensus.weightedVote())
                    .build())
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().decisions()).hasSize(2);
  }

  @Test
  void reviewedJob_whereverItCrashes_endsTheSame() {
    EngineCrashHarness.Report report =
        harness(
                JobSpec.comparative("vote1", "vote2", "vote3")
                    .node("n1")
                    .cabinet("patients")
                    .consensus(Consensus.expertReview().minAgreement(0.9))
                    .build())
            .expert(EngineCrashTest::review)
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().evidence().orElseThrow().reviews()).isNotEmpty();
  }

  @Test
  void chainedJob_whereverItCrashes_endsTheSame() {
    EngineCrashHarness.Report report =
        harness(
                JobSpec.chained()
                    .input("x", Tensor.ofDoubles(new double[] {1, 2}))
                    .step("first", "copy", step -> step.node("n1"))
                    .action("book", "book", step -> step.node("n2"))
                    .step("last", "copy", step -> step.node("n3").from("step_1_output"))
                    .build())
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().trace()).hasSize(3);
  }

  @Test
  void chainedJobThatRollsBack_whereverItCrashes_endsTheSame() {
    EngineCrashHarness.Report report =
        harness(
                JobSpec.chained()
                    .input("x", Tensor.ofDoubles(new double[] {1, 2}))
                    .step("first", "copy", step -> step.node("n1"))
                    .action(
                        "book", "book", step -> step.node("n2").rollback(Rollback.action("unbook")))
                    .step("last", "broken", step -> step.node("n3").from("step_1_output"))
                    .onFailure(ErrorHandling.rollbackAndRetry(1))
                    .build())
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.FAILED);
    assertThat(report.outcome().trace())
        .filteredOn(step -> step.status() == TraceStatus.ROLLED_BACK)
        .hasSize(2);
  }

  private static Review review(ReviewRequest request) {
    Map<String, String> decisions = new HashMap<>();
    request.items().forEach(item -> decisions.put(item.row(), "yes"));
    return new Review("ann", decisions, Optional.empty());
  }

  private static EngineCrashHarness harness(JobSpec job) {
    EngineCrashHarness harness = EngineCrashHarness.of(job);
    for (String model : List.of("risk", "vote1", "vote2", "vote3", "copy", "broken")) {
      harness.model(model(model));
    }
    NODES.forEach(id -> harness.node(environment -> node(environment, id)));
    return harness;
  }

  private static ModelDescriptor model(String id) {
    return FakeModels.model(
            id,
            new Signature(
                List.of(TensorSpec.of("x", DataType.FP64, -1)),
                List.of(TensorSpec.of("x", DataType.FP64, -1))))
        .withLabels(List.of("no", "yes"));
  }

  private static FakeNode node(Environment environment, String id) {
    int number = NODES.indexOf(id) + 1;
    NodeProfile profile =
        FakeProfile.of(id)
            .dataSet("patients", "medical", 10L * number)
            .formats(FakeModels.FORMAT)
            .actions("book", "unbook")
            .build();
    Tensor two = Tensor.ofDoubles(new double[] {3, 4});
    return new FakeNode(profile, environment)
        .on("risk", answer(Map.of("x", Tensor.ofDoubles(new double[] {0.1 * number}))))
        .on("vote1", answer(votes("yes", "no")))
        .on("vote2", answer(votes("yes", "yes")))
        .on("vote3", answer(votes("yes", "no")))
        .on("copy", answer(Map.of("x", two)))
        .on("broken", Reply.fail(ErrorCode.INFERENCE_FAILED))
        .on("book", answer(Map.of("done", Tensor.ofBooleans(new boolean[] {true}))))
        .on("unbook", answer(Map.of()));
  }

  private static Reply answer(Map<String, Tensor> outputs) {
    return Reply.answer(outputs).after(Duration.ofMillis(30));
  }

  private static Map<String, Tensor> votes(String... labels) {
    return Map.of(
        "row_ids", Tensor.ofStrings(List.of("r1", "r2")),
        "labels", Tensor.ofStrings(List.of(labels)));
  }
}
