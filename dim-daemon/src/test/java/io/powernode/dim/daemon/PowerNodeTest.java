package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PowerNodeTest {
  private static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll()
          .allowAnyModel()
          .allowAnyRequester()
          .allowAnyPurpose()
          .allowReductions("total", "rows")
          .allowRowLevel();

  private final FakeModel models = new FakeModel();

  private PowerNode node(PowerNodeBuilder builder) {
    PowerNode node = builder.build();
    node.attach(models);
    return node;
  }

  private PowerNodeBuilder builder() {
    return PowerNode.builder("cleveland")
        .type("hospital")
        .location("Cleveland")
        .loader(models)
        .reduction(FakeReduction.total())
        .reduction(FakeReduction.rows())
        .cabinet(patients(), OPEN);
  }

  private static InMemoryCabinet patients() {
    return InMemoryCabinet.builder("patients", "medical")
        .column("age", Tensor.ofDoubles(new double[] {1, 2, 3, 4, 5, 6, 7}))
        .column("visits", Tensor.ofLongs(new long[] {10, 20, 30, 40, 50, 60, 70}))
        .build();
  }

  @Test
  void cabinetTask_inSmallBatches_reducesAllRows() {
    try (PowerNode node = node(builder().batchRows(3))) {
      TaskResult.Success answer =
          Tasks.success(node, Tasks.onCabinet("job-1", models.model("m"), "patients", "total"));

      assertThat(answer.outputs().get("total")).isEqualTo(Tensor.scalar(308.0));
      assertThat(answer.samples()).isEqualTo(7);
      assertThat(answer.nodeId()).isEqualTo("cleveland");
    }
  }

  @Test
  void tensorTask_withColumns_stacksThem() {
    try (PowerNode node = node(builder())) {
      Map<String, Tensor> columns =
          new java.util.LinkedHashMap<>(Map.of("a", Tensor.ofFloats(new float[] {1, 2})));
      columns.put("b", Tensor.ofFloats(new float[] {10, 20}));

      TaskResult.Success answer =
          Tasks.success(node, Tasks.onTensors("job-1", models.model("m"), columns));

      assertThat(answer.outputs().get("score"))
          .isEqualTo(Tensor.ofFloats(new float[] {11, 22}, 2, 1));
      assertThat(answer.samples()).isEqualTo(2);
    }
  }

  @Test
  void model_whoseFileIsAnother_isRefused() {
    try (PowerNode node = node(builder())) {
      ModelDescriptor model = models.model("m");
      models.blobs.put(
          model.artifact().digest(), "x".getBytes(java.nio.charset.StandardCharsets.UTF_8));

      ErrorInfo error = Tasks.error(node, Tasks.onCabinet("job-1", model, "patients", "total"));

      assertThat(error.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    }
  }
}
