package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskInput.Kept;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Nodes with rows that stay from task to task. The first model answers 11 to 77 for the seven rows,
 * each one after it the same for the same.
 */
abstract class KeptRowsFixture {
  static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll()
          .allowAnyModel()
          .allowAnyRequester()
          .allowAnyPurpose()
          .allowReductions("total", "rows");
  static final Map<String, Tensor> FILL =
      Map.of("score", Tensor.ofFloats(new float[] {1000}, 1, 1));

  final FakeModel models = new FakeModel();
  private final List<PowerNode> built = new ArrayList<>();
  ModelDescriptor model;
  private int tasks;

  @BeforeEach
  void describe() {
    models.signature =
        new Signature(
            List.of(TensorSpec.of("features", DataType.FP32, -1, -1)),
            List.of(TensorSpec.of("score", DataType.FP32, -1, 1)));
    model = models.model("m");
  }

  @AfterEach
  void close() {
    built.forEach(PowerNode::close);
  }

  PowerNode node(CabinetPolicy policy) {
    return node(builder(policy));
  }

  PowerNode node(PowerNodeBuilder builder) {
    PowerNode node = builder.build();
    node.attach(models);
    built.add(node);
    return node;
  }

  PowerNodeBuilder builder(CabinetPolicy policy) {
    return PowerNode.builder("n")
        .loader(models)
        .reduction(FakeReduction.total())
        .reduction(FakeReduction.rows())
        .conditionLanguage(new Threshold())
        .batchRows(2)
        .cabinet(patients("patients", 0), policy)
        .cabinet(patients("others", 1), OPEN);
  }

  private static InMemoryCabinet patients(String name, int from) {
    double[] ages = new double[7];
    long[] visits = new long[7];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ages[i] = i + 1;
      visits[i] = 10 * (i + 1);
      ids.add("p" + (i + from));
    }
    return InMemoryCabinet.builder(name, "medical")
        .column("age", Tensor.ofDoubles(ages))
        .column("visits", Tensor.ofLongs(visits))
        .rowIds("id", ids)
        .build();
  }

  TaskEnvelope task(TaskInput input, ReductionSpec reduction) {
    return task(new TaskEnvelope.Work.Model(model), input, Optional.of(reduction));
  }

  TaskEnvelope task(TaskEnvelope.Work work, TaskInput input, Optional<ReductionSpec> reduction) {
    TaskEnvelope any = Tasks.onCabinet("job-1", model, "patients", "total");
    return new TaskEnvelope(
        new TaskId("job-1", "s" + ++tasks, 1, any.id().inputDigest()),
        1,
        Tasks.ALICE,
        work,
        input,
        reduction,
        Effect.PURE);
  }

  TaskEnvelope keeping(String cabinet) {
    return task(TaskInput.Cabinet.named(cabinet), ReductionSpec.keep());
  }

  String kept(PowerNode node) {
    return kept(node, keeping("patients"));
  }

  static String kept(PowerNode node, TaskEnvelope task) {
    return Tasks.success(node, task).handle().orElseThrow();
  }

  static Column score(String handle) {
    return new Column(handle, "score");
  }

  static Kept all(String handle) {
    return new Kept(Map.of("features", score(handle)), Optional.empty());
  }

  static Kept divided(String handle, Division division) {
    return new Kept(Map.of("features", score(handle)), Optional.of(division));
  }

  static Kept above(int threshold, String handle) {
    return new Kept(
        Map.of("features", score(handle)),
        Optional.of(
            new Division(
                new Condition("threshold", String.valueOf(threshold)),
                Map.of("x", score(handle)),
                Map.of(),
                FILL)));
  }

  static double total(TaskResult.Success answer) {
    return answer.outputs().get("total").toDoubles()[0];
  }

  TaskEnvelope total(TaskInput input) {
    return task(input, ReductionSpec.of("total"));
  }

  static void assertDenied(PowerNode node, TaskEnvelope task, String rule) {
    ErrorInfo error = Tasks.error(node, task);
    assertThat(error.code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(error.message()).isEqualTo("the policy of the data's owner: " + rule);
  }
}
