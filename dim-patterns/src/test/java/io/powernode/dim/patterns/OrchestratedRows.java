package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.Task;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.EngineCrashHarness.Report;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows that stay, with an orchestrator that is killed before and after each of its commits. */
public abstract class OrchestratedRows extends OrchestratedSuite {
  private final List<FakeNode> nodes = new ArrayList<>();

  private static ModelDescriptor model(String id, String input, String output) {
    return FakeModels.model(
        id,
        new Signature(
            List.of(TensorSpec.of(input, DataType.FP64, -1)),
            List.of(TensorSpec.of(output, DataType.FP64, -1))));
  }

  private static NodeProfile profile() {
    return FakeProfile.of("a")
        .formats(FakeModels.FORMAT)
        .dataSet(FakeCatalog.cabinet("patients", "same"))
        .actions("book", "unbook")
        .build();
  }

  private static Reply answer(String output, double... values) {
    return Reply.answer(Map.of(output, Tensor.ofDoubles(values)));
  }

  private Report run(Reply first) {
    return onStore(
            EngineCrashHarness.of(
                JobSpec.chained()
                    .step("Scale", "scale", s -> s.node("a").from("patients"))
                    .step("Risk", "risk", s -> s.when("any(step_1_output.scaled > 1)"))
                    .step("Mean", "risk", s -> s.from("step_1_output").reduce(ReductionSpec.mean()))
                    .action("Book", "book", s -> s.node("a").rollback(Rollback.action("unbook")))
                    .step(
                        "Plan",
                        "plan",
                        s ->
                            s.from("step_2_output")
                                .rows("step_2_output.risk > 0.5")
                                .otherwise("plan", 0)
                                .reduce(ReductionSpec.mean()))
                    .build()))
        .model(model("scale", "age", "scaled"))
        .model(model("risk", "scaled", "risk"))
        .model(model("plan", "risk", "plan"))
        .node(
            env -> {
              FakeNode node =
                  new FakeNode(profile(), env)
                      .on("scale", answer("scaled", 1, 2))
                      .on(
                          "any(step_1_output.scaled > 1)",
                          Reply.answer(Map.of(Task.HOLDS, Tensor.ofBooleans(new boolean[] {true}))))
                      .on("risk", answer("risk", 0.25, 0.75))
                      .on("book", Reply.answer(Map.of("booked", Tensor.scalar(1))))
                      .on("unbook", Reply.answer(Map.of()))
                      .on("plan", answer("plan", 3))
                      .on("a1/s3", answer("risk", 0.5))
                      .on("a2/s3", answer("risk", 0.5))
                      .on("a1/s5", first);
              nodes.add(node);
              return node;
            })
        .run();
  }

  private static List<String> lines(Report report) {
    return report.outcome().trace().stream()
        .map((TraceStep t) -> t.name() + " " + t.status() + " a" + t.attempt())
        .toList();
  }

  @Test
  void chain_crashedAnywhere_readsTheRowsThatStayAndReleasesThemInTheEnd() {
    Report report = run(answer("plan", 3));
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().tensors())
        .isEqualTo(Map.of("plan", Tensor.ofDoubles(new double[] {3})));
    assertThat(lines(report))
        .containsExactly(
            "Scale DONE a1", "Risk DONE a1", "Mean DONE a1", "Book DONE a1", "Plan DONE a1");
    assertThat(nodes.get(0).log().released()).hasSize(1);
    assertThat(report.crashes()).isPositive();
  }

  @Test
  void chainWhoseRowsAreLost_crashedAnywhere_makesThemAgainOnce() {
    Report report = run(Reply.fail(ErrorCode.ROWS_LOST));
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(lines(report))
        .containsExactly(
            "Scale DONE a1",
            "Risk DONE a1",
            "Mean DONE a1",
            "Book DONE a1",
            "Plan FAILED a1",
            "Book ROLLED_BACK a1",
            "Scale DONE a2",
            "Risk DONE a2",
            "Mean DONE a2",
            "Book DONE a2",
            "Plan DONE a2");
  }
}
