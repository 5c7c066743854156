package io.powernode.dim.testkit;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tasks, tensors and nodes that use everything that can be said of one. */
final class SampleTasks {
  private SampleTasks() {}

  static NodeProfile profile(String id) {
    return FakeProfile.of(id)
        .location("north")
        .dataSet("patients", "medical", 7)
        .formats(FakeModels.FORMAT)
        .actions("book")
        .build();
  }

  static TaskEnvelope tensorTask(String step) {
    return task(
        step,
        new Work.Model(FakeModels.model("m")),
        new TaskInput.Tensors(allTypes()),
        Optional.empty());
  }

  static TaskEnvelope actionTask() {
    return task("a", new Work.Action("book"), new TaskInput.Tensors(Map.of()), Optional.empty());
  }

  static TaskEnvelope cabinetTask() {
    Options options = Options.of(Map.of("edges", List.of(0, 0.5, 1), "deep", Map.of()));
    return task(
        "c",
        new Work.Model(FakeModels.model("m")),
        new TaskInput.Cabinet(
            Optional.of("patients"), Optional.of("medical"), Optional.empty(), allTypes()),
        Optional.of(new ReductionSpec("histogram", options)));
  }

  static TaskEnvelope keepingTask() {
    return task(
        "k",
        new Work.Model(FakeModels.model("m")),
        TaskInput.Cabinet.named("patients"),
        Optional.of(ReductionSpec.keep()));
  }

  static TaskEnvelope keptTask() {
    TaskInput.Column column = new TaskInput.Column("handle", "risk");
    TaskInput.Division division =
        new TaskInput.Division(
            new Condition("chained", "step_1_output.risk > 0.5"),
            Map.of("step_1_output.risk", column),
            Map.of("stage", column),
            allTypes());
    return task(
        "h",
        new Work.Model(FakeModels.model("m")),
        new TaskInput.Kept(Map.of("x", column), Optional.of(division)),
        Optional.of(ReductionSpec.keep()));
  }

  static TaskEnvelope testTask() {
    return task(
        "w",
        new Work.Test(new Condition("chained", "any(step_1_output.risk > 0.5)")),
        new TaskInput.Kept(
            Map.of("step_1_output.risk", new TaskInput.Column("handle", "risk")), Optional.empty()),
        Optional.empty());
  }

  private static TaskEnvelope task(
      String step, Work work, TaskInput input, Optional<ReductionSpec> reduction) {
    return new TaskEnvelope(
        new TaskId("job", step, 3, Digest.of(new byte[] {1})),
        Long.MAX_VALUE,
        new Requester("ann", Optional.of("research")),
        work,
        input,
        reduction,
        work instanceof Work.Action ? Effect.EFFECTFUL : Effect.NONDETERMINISTIC);
  }

  /** A tensor of every type, one of rank 0, an empty one, and texts. */
  static Map<String, Tensor> allTypes() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DataType type : DataType.values()) {
      tensors.put(type.name(), WrongTensors.zeros(type, 2, 3));
    }
    tensors.put("scalar", Tensor.scalar(Double.NaN));
    tensors.put("empty", Tensor.ofFloats(new float[0], 0, 4));
    tensors.put("text", Tensor.ofStrings(List.of("Müller", "", "\0")));
    return tensors;
  }
}
