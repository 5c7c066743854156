package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Three classifiers on two nodes that hold the same data, and votes by letters. */
abstract class ComparativeFixture {
  static final ComparativeEngine ENGINE = new ComparativeEngine();
  static final List<String> LABELS = List.of("benign", "malignant");
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  final FakeCatalog catalog =
      new FakeCatalog()
          .model(model("m1"))
          .model(model("m2"))
          .model(model("m3"))
          .node("n1", 0.9)
          .node("n2", 0.5);

  static ModelDescriptor model(String id) {
    return FakeCatalog.riskModel(id).withLabels(LABELS);
  }

  static ComparativeJobBuilder job() {
    return JobSpec.comparative("m1", "m2", "m3").node("n1").cabinet("patients");
  }

  static ComparativeSpec spec(ComparativeJobBuilder job) {
    return (ComparativeSpec) job.build().config();
  }

  static TaskResult votes(Task task, List<String> rows, List<String> labels) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("row_ids", Tensor.ofStrings(rows));
    outputs.put("labels", Tensor.ofStrings(labels));
    return TaskResult.success(FakeContext.nodeOf(task), outputs, rows.size(), 5);
  }

  static String modelOf(Task task) {
    return ((Task.Work.Model) task.work()).id();
  }

  /** Votes by the letters b and m, and - for none; one letter a row. */
  static Function<Task, Optional<TaskResult>> voting(Map<String, String> byModel) {
    return task -> {
      List<String> labels =
          byModel.get(modelOf(task)).chars().mapToObj(ComparativeFixture::label).toList();
      List<String> rows = IntStream.range(0, labels.size()).mapToObj(i -> "row" + i).toList();
      return Optional.of(votes(task, rows, labels));
    };
  }

  static String label(int letter) {
    return letter == 'b' ? "benign" : letter == 'm' ? "malignant" : "";
  }

  static final Map<String, String> VOTES = Map.of("m1", "bbm-m", "m2", "bmm-b", "m3", "bmb--");
}
