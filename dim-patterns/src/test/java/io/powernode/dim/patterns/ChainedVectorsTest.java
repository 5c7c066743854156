package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graphs of KServe's router as pipelines: a switch is two steps that each take some rows. */
class ChainedVectorsTest {
  private static final ChainedEngine ENGINE = new ChainedEngine();

  /** Cases about something that we do not do, by design. */
  private static final Map<String, String> NOT_OURS =
      Map.of("split-weights", "draws a route by chance; here the data alone decides what runs");

  private final FakeCatalog catalog = new FakeCatalog().node("n1", 0.9);

  static Stream<JsonNode> cases() throws IOException {
    return Vectors.cases("chained/kserve-inference-graph.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void execute_ofKservesGraphs_answersTheSame(JsonNode vector) {
    String id = vector.get("id").asText();
    assumeFalse(NOT_OURS.containsKey(id), () -> id + ": " + NOT_OURS.get(id));
    JsonNode inputs = vector.get("inputs");
    JsonNode response = vector.at("/expected/response");
    switch (id) {
      case "sequence" -> sequence(inputs, response);
      case "ensemble" -> ensemble(inputs, response);
      case "switch-then-ensemble" -> switchThenEnsemble(inputs, response);
      case "unmet-condition" -> unmetCondition(inputs, response);
      default -> throw new AssertionError("neither ours nor listed: " + id);
    }
  }

  private void sequence(JsonNode inputs, JsonNode response) {
    model("model1", inputs.at("/models/model1/must_receive_key").asText(), inputs);
    model("model2", inputs.at("/models/model2/must_receive_key").asText(), inputs);
    Tensor request = texts(inputs.at("/request/predictions"));
    FakeContext context = context(inputs, Map.of("predictions", request));
    Completed done =
        run(JobSpec.chained().step("First", "model1").step("Second", "model2"), context);
    assertThat(context.tasks.get("a1/s1").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("instances", request)));
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(answer(inputs, "model1")));
    assertThat(done.output().tensors()).isEqualTo(tensors(response));
  }

  private void ensemble(JsonNode inputs, JsonNode response) {
    model("model1", "instances", inputs);
    model("model2", "instances", inputs);
    Tensor request = texts(inputs.at("/request/instances"));
    ChainedJobBuilder both =
        JobSpec.chained()
            .step("One", "model1")
            .step("Other", "model2", step -> step.from("client_data"));
    Completed done =
        run(together(both, 1, inputs, response), context(inputs, Map.of("instances", request)));
    assertThat(done.output().tensors()).isEqualTo(all(response));
  }

  private void switchThenEnsemble(JsonNode inputs, JsonNode response) {
    TensorSpec modelId = TensorSpec.of("modelId", DataType.BYTES, -1);
    catalog.model(FakeCatalog.model("request", List.of(modelId), List.of(modelId)));
    for (String model : List.of("model1", "model2", "model3", "model4")) {
      model(model, "modelId", inputs);
    }
    JsonNode graph = inputs.get("graph");
    String first = compared(graph.at("/animal-categorize/steps/0/condition"));
    String second = compared(graph.at("/animal-categorize/steps/1/condition"));
    String met =
        "any(step_3_output.label == '%s')".formatted(compared(graph.at("/root/steps/1/condition")));
    ChainedJobBuilder job =
        JobSpec.chained()
            .step("Request", "request")
            .step(
                "Switch, one",
                "model1",
                step ->
                    step.rows("step_1_output.modelId == '%s'".formatted(first))
                        .otherwise("label", "")
                        .otherwise("score", "NaN"))
            .step(
                "Switch, other",
                "model2",
                step ->
                    step.from("step_1_output")
                        .rows("step_1_output.modelId == '%s'".formatted(second))
                        .otherwise("label", "step_2_output.label")
                        .otherwise("score", "step_2_output.score"))
            .step("One", "model3", step -> step.from("step_1_output").when(met))
            .step("Other", "model4", step -> step.from("step_1_output").when(met));
    Tensor request = Tensor.ofStrings(List.of(inputs.at("/request/instances/0/modelId").asText()));
    FakeContext context = context(inputs, Map.of("modelId", request));
    Completed done = run(together(job, 4, inputs, response), context);
    assertThat(context.journal.sent).containsExactly("a1/s1", "a1/s3", "a1/s4", "a1/s5", "a1/s6");
    assertThat(done.output().tensors()).isEqualTo(all(response));
  }

  private void unmetCondition(JsonNode inputs, JsonNode response) {
    model("model1", "modelId", inputs);
    catalog.model(
        FakeCatalog.model(
            "never",
            List.of(TensorSpec.of("label", DataType.BYTES, -1)),
            List.of(TensorSpec.of("breed", DataType.BYTES, -1))));
    String label = compared(inputs.at("/graph/root/steps/1/condition"));
    ChainedJobBuilder job =
        JobSpec.chained()
            .step("First", "model1")
            .step(
                "Second",
                "never",
                step -> step.when("any(step_1_output.label == '%s')".formatted(label)));
    Tensor request = Tensor.ofStrings(List.of(inputs.at("/request/instances/0/modelId").asText()));
    FakeContext context = context(inputs, Map.of("modelId", request));
    assertThat(run(job, context).output().tensors()).isEqualTo(tensors(response));
    assertThat(context.journal.sent).containsExactly("a1/s1");
  }

  /** A last step that is given what two steps, of which this is the first, answer for it. */
  private ChainedJobBuilder together(
      ChainedJobBuilder job, int first, JsonNode inputs, JsonNode response) {
    List<TensorSpec> both = new ArrayList<>();
    Map<String, String> sources = new LinkedHashMap<>();
    response
        .fieldNames()
        .forEachRemaining(
            model -> {
              int step = first + sources.size() / answer(inputs, model).size();
              for (TensorSpec output : outputs(inputs, model)) {
                String name = model + "_" + output.name();
                both.add(TensorSpec.of(name, output.datatype(), shape(output)));
                sources.put(name, "step_" + step + "_output." + output.name());
              }
            });
    catalog.model(FakeCatalog.model("together", both, both));
    return job.step("Together", "together", step -> sources.forEach(step::input));
  }

  private Completed run(ChainedJobBuilder job, FakeContext context) {
    ChainedSpec spec = (ChainedSpec) job.build().config();
    Violations violations = Violations.none();
    ENGINE.validate(spec, catalog, violations);
    ENGINE.validateInput(spec, context.inputData(), catalog, violations);
    assertThat(violations.list()).isEmpty();
    PatternResult result = ENGINE.execute(spec, context);
    assertThat(result).isInstanceOf(Completed.class);
    return (Completed) result;
  }

  /** The models of a case answer what it says; all others answer what they are given. */
  private FakeContext context(JsonNode inputs, Map<String, Tensor> request) {
    return new FakeContext(
        new FakeContext.Journal(), catalog, request, task -> Optional.of(result(task, inputs)));
  }

  private static TaskResult result(Task task, JsonNode inputs) {
    String model = ((Task.Work.Model) task.work()).id();
    Map<String, Tensor> outputs =
        inputs.get("models").has(model)
            ? answer(inputs, model)
            : ((TaskInput.Tensors) task.input()).tensors();
    return TaskResult.success("n1", outputs, 1, 1);
  }

  private void model(String id, String input, JsonNode inputs) {
    ModelDescriptor model =
        FakeCatalog.model(
            id, List.of(TensorSpec.of(input, DataType.BYTES, -1)), outputs(inputs, id));
    catalog.model(model);
  }

  private static List<TensorSpec> outputs(JsonNode inputs, String model) {
    return answer(inputs, model).entrySet().stream()
        .map(output -> output(output.getKey(), output.getValue()))
        .toList();
  }

  private static TensorSpec output(String name, Tensor tensor) {
    long[] shape = tensor.shape();
    shape[0] = -1;
    return TensorSpec.of(name, tensor.dataType(), shape);
  }

  private static long[] shape(TensorSpec output) {
    return output.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private static Map<String, Tensor> answer(JsonNode inputs, String model) {
    return tensors(inputs.get("models").get(model).get("answers"));
  }

  /** What several models answer, each under its own name. */
  private static Map<String, Tensor> all(JsonNode response) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    response
        .fieldNames()
        .forEachRemaining(
            model ->
                tensors(response.get(model))
                    .forEach((name, tensor) -> all.put(model + "_" + name, tensor)));
    return all;
  }

  /** A text as {@code predictions}; a row as its label and its scores. */
  private static Map<String, Tensor> tensors(JsonNode body) {
    JsonNode predictions = body.get("predictions");
    if (predictions.isTextual()) {
      return Map.of("predictions", Tensor.ofStrings(List.of(predictions.asText())));
    }
    assertThat(predictions).hasSize(1);
    Map<String, Tensor> row = new LinkedHashMap<>();
    row.put("label", Tensor.ofStrings(List.of(predictions.get(0).get("label").asText())));
    double[] scores = Vectors.tensor(predictions.get(0).get("score")).toDoubles();
    row.put("score", Tensor.ofDoubles(scores, 1, scores.length));
    return row;
  }

  private static Tensor texts(JsonNode texts) {
    List<String> list = new ArrayList<>();
    texts.forEach(text -> list.add(text.asText()));
    return Tensor.ofStrings(list);
  }

  /** What a condition like {@code predictions.#(label=="dog")} compares with. */
  private static String compared(JsonNode condition) {
    String[] parts = condition.asText().split("\"");
    assertThat(parts).hasSize(3);
    return parts[1];
  }
}
