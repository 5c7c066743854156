package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models that add 1, two nodes, and a context; what a step answers can be scripted. */
abstract class ChainedFixture {
  static final ChainedEngine ENGINE = new ChainedEngine();
  final Map<String, TaskResult> scripted = new HashMap<>();
  final FakeRows rows = new FakeRows();
  final Map<String, Tensor> patients = Map.of("age", column(1, 2, 3));
  Map<String, Tensor> input = Map.of("raw", column(1, 2));
  final FakeCatalog catalog =
      new FakeCatalog()
          .model(linear("normalise", "raw", "normalised"))
          .model(linear("triage", "normalised", "urgency"))
          .model(linear("plan", "urgency", "scores"))
          .model(linear("backup", "normalised", "urgency"))
          .node("n1", 0.9, "book", "unbook")
          .node("n2", 0.9, "unbook");

  static ModelDescriptor linear(String id, String input, String output) {
    return FakeCatalog.model(
        id,
        List.of(TensorSpec.of(input, DataType.FP64, -1)),
        List.of(TensorSpec.of(output, DataType.FP64, -1)));
  }

  static Tensor column(double... values) {
    return Tensor.ofDoubles(values);
  }

  /** A model adds 1 to its only input and calls the answer as its signature does. */
  Optional<TaskResult> node(Task task) {
    TaskResult fixed = scripted.get(task.step());
    if (fixed != null) {
      return Optional.of(fixed);
    }
    if (task.input() instanceof TaskInput.Kept) {
      return Optional.of(rows.run(task, given -> infer(task, given)));
    } else if (task.input() instanceof TaskInput.Cabinet) {
      return Optional.of(rows.answer(task, infer(task, patients), Optional.empty()));
    }
    Map<String, Tensor> given =
        task.input() instanceof TaskInput.Tensors tensors ? tensors.tensors() : Map.of();
    String node = FakeContext.nodeOf(task);
    if (task.work() instanceof Task.Work.Action) {
      return Optional.of(TaskResult.success(node, Map.of("done", column(given.size())), 1, 7));
    }
    return Optional.of(TaskResult.success(node, infer(task, given), 1, 3));
  }

  private Map<String, Tensor> infer(Task task, Map<String, Tensor> given) {
    String model = ((Task.Work.Model) task.work()).id();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    double[] sum =
        given.isEmpty() ? new double[] {0} : given.values().iterator().next().toDoubles();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += 1;
    }
    for (TensorSpec output : catalog.model(model).orElseThrow().signature().outputs()) {
      outputs.put(output.name(), column(sum));
    }
    return outputs;
  }

  FakeContext context() {
    return new FakeContext(new FakeContext.Journal(), catalog, input, this::node);
  }

  static Completed completed(ChainedJobBuilder job, FakeContext context) {
    PatternResult result = ENGINE.execute(spec(job), context);
    assertThat(result).isInstanceOf(Completed.class);
    return (Completed) result;
  }

  static ChainedSpec spec(ChainedJobBuilder job) {
    return (ChainedSpec) job.build().config();
  }

  static ChainedJobBuilder threeModels() {
    return JobSpec.chained()
        .step("Normalise", "normalise", step -> step.node("n1"))
        .step("Triage", "triage", step -> step.node("n2"))
        .step("Plan", "plan");
  }

  static List<String> lines(List<TraceStep> trace) {
    return trace.stream()
        .map(
            t ->
                "%d %s %s %s a%d"
                    .formatted(
                        t.step(), t.modelId(), t.nodeId().orElse("-"), t.status(), t.attempt()))
        .toList();
  }
}
