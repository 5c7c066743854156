package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeAction;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerNodeTest {
  private static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll()
          .allowAnyModel()
          .allowAnyRequester()
          .allowAnyPurpose()
          .allowReductions("total", "rows");

  private final FakeModel models = new FakeModel();
  private final ModelDescriptor model = models.model("m");
  private Optional<PowerNode> built = Optional.empty();

  private PowerNode node(PowerNodeBuilder builder) {
    PowerNode node = builder.build();
    node.attach(models);
    built = Optional.of(node);
    return node;
  }

  @AfterEach
  void end() {
    built.ifPresent(PowerNode::close);
  }

  private PowerNodeBuilder builder() {
    return builder(OPEN);
  }

  private PowerNodeBuilder builder(CabinetPolicy policy) {
    return PowerNode.builder("cleveland")
        .type("hospital")
        .location("Cleveland")
        .loader(models)
        .reduction(FakeReduction.total())
        .reduction(FakeReduction.rows())
        .cabinet(cabinet("patients", "medical"), policy);
  }

  private static InMemoryCabinet cabinet(String name, String dataType) {
    return InMemoryCabinet.builder(name, dataType)
        .column("age", Tensor.ofDoubles(new double[] {1, 2, 3, 4, 5, 6, 7}))
        .column("visits", Tensor.ofLongs(new long[] {10, 20, 30, 40, 50, 60, 70}))
        .build();
  }

  private TaskEnvelope total() {
    return Tasks.onCabinet("job-1", model, "patients", "total");
  }

  private TaskEnvelope onInput(TaskInput input, ReductionSpec reduction) {
    return new TaskEnvelope(
        Tasks.id("job-1"),
        1,
        Tasks.ALICE,
        new TaskEnvelope.Work.Model(model),
        input,
        Optional.of(reduction),
        Effect.PURE);
  }

  private TaskEnvelope anyOf(String dataType) {
    return onInput(
        new TaskInput.Cabinet(Optional.empty(), Optional.of(dataType), Optional.empty()),
        ReductionSpec.of("total"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000})
  void cabinetTask_inBatchesOfAnySize_reducesAllRows(int batchRows) {
    TaskResult.Success answer = Tasks.success(node(builder().batchRows(batchRows)), total());

    assertThat(answer.outputs()).containsExactly(Map.entry("total", Tensor.scalar(308.0)));
    assertThat(answer.samples()).isEqualTo(7);
    assertThat(answer.nodeId()).isEqualTo("cleveland");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void cabinetTask_withParameters_givesThemToTheModelBesideEveryBatch(int batchRows) {
    models.signature =
        new Signature(
            List.of(
                TensorSpec.of("features", DataType.FP64, -1, 2),
                TensorSpec.of("weights", DataType.FP64, 2)),
            List.of(TensorSpec.of("score", DataType.FP64, -1, 1)));
    models.behaviour = (inputs, cancellation) -> weighted(inputs);
    TaskInput.Cabinet input =
        new TaskInput.Cabinet(
            Optional.of("patients"),
            Optional.empty(),
            Optional.empty(),
            Map.of("weights", Tensor.ofDoubles(new double[] {100, 1})));

    TaskResult.Success answer =
        Tasks.success(
            node(builder().batchRows(batchRows)), onInput(input, ReductionSpec.of("total")));

    assertThat(answer.outputs()).containsExactly(Map.entry("total", Tensor.scalar(3080.0)));
    assertThat(answer.samples()).isEqualTo(7);
  }

  private static Map<String, Tensor> weighted(Map<String, Tensor> inputs) {
    double[] weights = inputs.get("weights").toDoubles();
    double[] features = inputs.get("features").toDoubles();
    double[] scores = new double[features.length / 2];
    for (int i = 0; i < features.length; i++) {
      scores[i / 2] += weights[i % 2] * features[i];
    }
    return Map.of("score", Tensor.ofDoubles(scores, scores.length, 1));
  }

  @Test
  void cabinetTask_withAParameterForTheRows_isRefused() {
    TaskInput.Cabinet input =
        new TaskInput.Cabinet(
            Optional.of("patients"),
            Optional.empty(),
            Optional.empty(),
            Map.of("features", Tensor.ofFloats(new float[14], 7, 2)));

    ErrorInfo error = Tasks.error(node(builder()), onInput(input, ReductionSpec.of("total")));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(error.message()).startsWith("input features: takes rows and no parameter");
  }

  @Test
  void cabinetTask_withoutAName_findsTheOnlyOneThatFits() {
    PowerNode node = node(builder().cabinet(cabinet("trees", "forestry"), OPEN));

    assertThat(Tasks.success(node, anyOf("forestry")).samples()).isEqualTo(7);
    assertThat(Tasks.error(node, anyOf("finance")).message())
        .isEqualTo(
            "the task names no cabinet and 0 fit; allowed: a name, or exactly one that fits");
  }

  @Test
  void cabinetTask_thatSeveralCabinetsFit_isRefused() {
    PowerNode node = node(builder().cabinet(cabinet("more", "medical"), OPEN));

    assertThat(Tasks.error(node, anyOf("medical")).message()).contains("2 fit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "../patients", "/etc/passwd", "file:///etc/passwd", ""})
  void cabinetTask_withANameThatIsNotRegistered_isRefusedWithoutIt(String name) {
    ErrorInfo error = Tasks.error(node(builder()), Tasks.onCabinet("job-1", model, name, "total"));

    assertThat(error.code()).isEqualTo(ErrorCode.DATA_UNAVAILABLE);
    assertThat(error.message()).isEqualTo("the node has no cabinet of this name");
  }

  @Test
  void cabinetTask_withoutAReduction_isRefused() {
    TaskEnvelope task =
        new TaskEnvelope(
            Tasks.id("job-1"),
            1,
            Tasks.ALICE,
            new TaskEnvelope.Work.Model(model),
            TaskInput.Cabinet.named("patients"),
            Optional.empty(),
            Effect.PURE);

    assertThat(Tasks.error(node(builder()), task).message()).startsWith("reduction: is missing");
  }

  @Test
  void cabinetTask_withAnUnknownReductionOrOption_isRefused() {
    PowerNode node = node(builder());
    ErrorInfo unknown = Tasks.error(node, Tasks.onCabinet("job-1", model, "patients", "steal"));
    ErrorInfo option =
        Tasks.error(
            node,
            onInput(
                TaskInput.Cabinet.named("patients"), ReductionSpec.of("total").with("edges", 3)));

    assertThat(unknown.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
    assertThat(unknown.message())
        .isEqualTo("reduction: the node has no such method; allowed: [rows, total]");
    assertThat(option.message()).startsWith("reduction.edges: is not an option of this method");
  }

  @Test
  void cabinetTask_withATimeRangeButNoTimeColumn_isRefused() {
    TaskInput.Cabinet input =
        new TaskInput.Cabinet(
            Optional.of("patients"),
            Optional.empty(),
            Optional.of(TimeRange.parse("2024-01-01/2024-01-02")));

    assertThat(Tasks.error(node(builder()), onInput(input, ReductionSpec.of("total"))).code())
        .isEqualTo(ErrorCode.DATA_UNAVAILABLE);
  }

  @Test
  void tensorTask_withColumns_stacksThem() {
    Map<String, Tensor> columns = new LinkedHashMap<>();
    columns.put("a", Tensor.ofFloats(new float[] {1, 2}));
    columns.put("b", Tensor.ofFloats(new float[] {10, 20}));

    TaskResult.Success answer =
        Tasks.success(node(builder()), Tasks.onTensors("job-1", model, columns));

    assertThat(answer.outputs())
        .containsExactly(Map.entry("score", Tensor.ofFloats(new float[] {11, 22}, 2, 1)));
    assertThat(answer.samples()).isEqualTo(2);
  }

  @Test
  void tensorTask_withAReduction_reducesTheGivenRows() {
    Map<String, Tensor> features =
        Map.of("features", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));

    TaskResult.Success rows =
        Tasks.success(
            node(builder()), onInput(new TaskInput.Tensors(features), ReductionSpec.of("rows")));

    assertThat(rows.outputs().get("ids").strings()).containsExactly("r1", "r2");
  }

  @Test
  void model_thatMayNotRunInProcess_isRefusedBeforeItsFileIsFetched() {
    ModelDescriptor untrusted =
        new ModelDescriptor(
            "m",
            model.artifact(),
            model.signature(),
            model.labels(),
            model.threshold(),
            model.licence(),
            false);

    ErrorInfo error =
        Tasks.error(node(builder()), Tasks.onCabinet("job-1", untrusted, "patients", "total"));

    assertThat(error.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
    assertThat(models.opens).hasValue(0);
  }

  @Test
  void model_thatTheNodeDoesNotAllow_isRefusedOnAnyInput() {
    ModelDescriptor other = models.model("other");
    PowerNode node = node(builder().allowModels(model.artifact().digest()));

    Tasks.success(node, total());
    assertThat(Tasks.error(node, Tasks.onCabinet("job-2", other, "patients", "total")).code())
        .isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(Tasks.error(node, Tasks.onTensors("job-3", other, Map.of())).code())
        .isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(models.loads).hasValue(1);
  }

  @Test
  void model_ofAFormatThatHoldsCode_isRefusedUnlessTheOwnerAllowsTheFormat() {
    models.codeFormats = Set.of("fake");
    PowerNode denying = node(builder());

    ErrorInfo error = Tasks.error(denying, total());

    assertThat(error.code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(error.message())
        .isEqualTo("the node's owner does not allow models of the format fake, which hold code");
    assertThat(denying.profile().formats()).isEmpty();
    assertThat(models.loads).hasValue(0);

    PowerNode allowing = node(builder().allowCodeFormats("fake"));
    Tasks.success(allowing, total());
    assertThat(allowing.profile().formats()).containsExactly("fake");
  }

  @Test
  void allowCodeFormats_ofAFormatThatNoLoaderHasAsCode_isRefused() {
    models.codeFormats = Set.of("fake");

    assertThatThrownBy(() -> builder().allowCodeFormats("onnx").build())
        .isInstanceOf(DimException.class)
        .hasMessage("allowCodeFormats: names one that no loader has as code; allowed: [fake]");
  }

  @Test
  void failure_always_saysWhatItIsAbout() {
    ErrorInfo error = Tasks.error(node(builder(CabinetPolicy.denyAll())), total());

    assertThat(error.subject())
        .isEqualTo(Map.of("node", "cleveland", "model", "m", "cabinet", "patients"));
  }

  @Test
  void profile_ofANode_saysWhatItHolds() {
    NodeAction action = TestActions.named("notify", input -> input);

    NodeProfile profile = node(builder().action(action)).profile();

    assertThat(profile.nodeId()).isEqualTo("cleveland");
    assertThat(profile.nodeType()).isEqualTo("hospital");
    assertThat(profile.location()).contains("Cleveland");
    assertThat(profile.formats()).containsExactly("fake");
    assertThat(profile.actions()).containsExactly("notify");
    assertThat(profile.dataSets()).extracting(CabinetDescriptor::rows).containsExactly(7L);
    assertThat(profile.capacity().cpus()).isPositive();
    assertThat(profile.capacity().memoryBytes()).isPositive();
  }

  @Test
  void load_ofANode_saysWhatIsWarm() {
    PowerNode node = node(builder().concurrency(3));
    Tasks.success(node, total());

    assertThat(node.load().warmModels()).containsExactly("m");
    assertThat(node.load().slots()).isEqualTo(3);
    assertThat(node.load().queued()).isZero();
    assertThat(node.load().cpuLoad()).isBetween(-1.0, 1.0);
  }

  @Test
  void builder_withMistakes_isRefused() {
    assertThatThrownBy(() -> PowerNode.builder("../x"))
        .hasMessageStartingWith("node id: is not an identifier");
    assertThatThrownBy(() -> builder().cabinet(cabinet("patients", "x"), OPEN))
        .hasMessage("cabinet: has the name of an earlier one; allowed: each name once");
    assertThatThrownBy(() -> builder().reduction(FakeReduction.total()))
        .hasMessageStartingWith("reduction: has the name of an earlier one");
    assertThatThrownBy(() -> builder().concurrency(0)).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> builder().queue(-1)).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> builder().batchRows(0)).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> builder().loadedModels(-1, 0)).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> builder().modelFolderBytes(0)).isInstanceOf(DimException.class);
    assertThatThrownBy(() -> cabinet("a/../../b", "medical")).isInstanceOf(DimException.class);
  }
}
