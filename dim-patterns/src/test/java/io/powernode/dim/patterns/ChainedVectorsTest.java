package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
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
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The inference graphs of KServe's router, as pipelines: a sequence is one; an ensemble is steps on
 * the same data and an action that gathers their answers; a switch is steps of which the conditions
 * let one run. Graphs in graphs are blocks.
 */
class ChainedVectorsTest {
  /** Cases about something that we do not do, by design. */
  private static final Map<String, String> NOT_OURS =
      Map.of(
          "split-weights",
          "a pipeline takes no branch by chance: it must do the same again after a crash");

  private static final Pattern CONDITION = Pattern.compile("\\w+\\.#\\((\\w+)==\"(\\w+)\"\\)");

  private static final String FORBIDDEN = "must-not-be-called";

  private final List<String> called = new ArrayList<>();

  static Stream<JsonNode> cases() throws IOException {
    return Vectors.cases("chained/kserve-inference-graph.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void graph_ofKServe_answersAsItsRouterDoes(JsonNode vector) {
    String id = vector.get("id").asText();
    assumeFalse(NOT_OURS.containsKey(id), () -> id + ": " + NOT_OURS.get(id));
    JsonNode inputs = vector.get("inputs");
    FakeCatalog catalog = catalog(inputs.get("models"));
    FakeContext context =
        new FakeContext(
            new FakeContext.Journal(),
            catalog,
            tensors(inputs.get("request")),
            task -> Optional.of(answer(task, inputs.get("models"))));

    ChainedSpec pipeline = pipeline(inputs, "root");
    PatternResult result = new ChainedEngine().execute(pipeline, context);

    assertThat(result).isInstanceOf(Completed.class);
    JsonNode expected = vector.at("/expected/response");
    assertThat(((Completed) result).output().tensors())
        .isEqualTo(isOfSeveral(expected) ? gathered(expected) : tensors(expected));
    assertThat(called).doesNotContain(FORBIDDEN).isNotEmpty();
  }

  @Test
  void switchOfAGraph_always_callsTheFirstThatFits() throws IOException {
    JsonNode vector =
        cases()
            .filter(one -> one.get("id").asText().equals("switch-then-ensemble"))
            .findFirst()
            .orElseThrow();
    graph_ofKServe_answersAsItsRouterDoes(vector);
    assertThat(called).containsExactly("model2", "model3", "model4");
  }

  @Test
  void notOurs_always_namesCasesThatExist() throws IOException {
    assertThat(cases().map(vector -> vector.get("id").asText())).containsAll(NOT_OURS.keySet());
  }

  private static ChainedSpec pipeline(JsonNode inputs, String name) {
    JsonNode node = inputs.get("graph").get(name);
    ChainedJobBuilder job =
        switch (node.get("router").asText()) {
          case "Sequence" -> sequence(inputs, node.get("steps"));
          case "Ensemble" -> ensemble(inputs, node.get("steps"));
          case "Switch" -> choice(node.get("steps"));
          default -> throw new IllegalArgumentException("router: is none that is translated");
        };
    return (ChainedSpec) job.build().config();
  }

  private static ChainedJobBuilder sequence(JsonNode inputs, JsonNode steps) {
    ChainedJobBuilder job = JobSpec.chained();
    for (int i = 0; i < steps.size(); i++) {
      JsonNode step = steps.get(i);
      boolean follows = step.path("data").asText().equals("$response");
      int before = i;
      Consumer<ChainedJobBuilder.Step> details =
          s -> {
            s.from(follows ? "step_" + before + "_output" : PipelineStep.CLIENT_DATA);
            if (step.has("condition")) {
              s.when(condition(step, before));
            }
          };
      if (step.has("node")) {
        job.block("Step " + i, pipeline(inputs, step.get("node").asText()), details);
      } else {
        job.step("Step " + i, modelOf(step), details);
      }
    }
    return job;
  }

  /** Ids have no spaces. */
  private static String modelOf(JsonNode step) {
    return step.path("model").asText(step.get("name").asText()).replace(' ', '-');
  }

  private static ChainedJobBuilder ensemble(JsonNode inputs, JsonNode steps) {
    ChainedJobBuilder job = JobSpec.chained();
    steps.forEach(
        step ->
            job.step(
                step.get("name").asText(),
                step.get("name").asText(),
                s -> s.from(PipelineStep.CLIENT_DATA)));
    return job.action("Gather", "gather", s -> gather(s.node("n1"), inputs, steps));
  }

  private static void gather(ChainedJobBuilder.Step gather, JsonNode inputs, JsonNode steps) {
    for (int i = 0; i < steps.size(); i++) {
      String source = "step_" + (i + 1) + "_output.";
      String model = steps.get(i).get("name").asText();
      for (String output : tensors(inputs.at("/models/" + model + "/answers")).keySet()) {
        gather.input(model + "." + output, source + output);
      }
    }
  }

  /** The first step shows the request to the conditions, which read answers only. */
  private static ChainedJobBuilder choice(JsonNode steps) {
    ChainedJobBuilder job =
        JobSpec.chained()
            .action("Request", "gather", s -> s.node("n1").from(PipelineStep.CLIENT_DATA));
    StringBuilder none = new StringBuilder();
    for (JsonNode step : steps) {
      String condition = condition(step, 1);
      job.step(
          step.get("name").asText(),
          step.get("name").asText(),
          s -> s.from(PipelineStep.CLIENT_DATA).when(none + condition));
      none.append("not ").append(condition).append(" and ");
    }
    return job;
  }

  private static String condition(JsonNode step, int source) {
    Matcher matcher = CONDITION.matcher(step.get("condition").asText());
    assertThat(matcher.matches()).isTrue();
    return "any(step_%d_output.%s == '%s')".formatted(source, matcher.group(1), matcher.group(2));
  }

  private static FakeCatalog catalog(JsonNode models) {
    FakeCatalog catalog = new FakeCatalog().node("n1", 0.9, "gather");
    models
        .properties()
        .forEach(
            model -> {
              String key = model.getValue().path("must_receive_key").asText();
              List<TensorSpec> inputs =
                  key.isEmpty() ? List.of() : List.of(TensorSpec.of(key, DataType.BYTES, -1));
              catalog.model(FakeCatalog.model(model.getKey(), inputs, List.of()));
            });
    return catalog.model(FakeCatalog.model(FORBIDDEN, List.of(), List.of()));
  }

  private TaskResult answer(Task task, JsonNode models) {
    Map<String, Tensor> given = ((TaskInput.Tensors) task.input()).tensors();
    if (task.work() instanceof Task.Work.Action) {
      return TaskResult.success("n1", named(given), 1, 1);
    }
    String id = task.work().label();
    called.add(id);
    JsonNode model = models.path(id);
    if (model.has("must_receive_key")) {
      assertThat(given).containsOnlyKeys(model.get("must_receive_key").asText());
    }
    return TaskResult.success("n1", tensors(model.get("answers")), 1, 1);
  }

  /** An action gets its whole source; what is gathered by name is told by the point in it. */
  private static Map<String, Tensor> named(Map<String, Tensor> given) {
    Map<String, Tensor> named = new LinkedHashMap<>(given);
    named.keySet().removeIf(name -> !name.contains("."));
    return named.isEmpty() ? given : named;
  }

  private static boolean isOfSeveral(JsonNode response) {
    return response.elements().next().isObject();
  }

  private static Map<String, Tensor> gathered(JsonNode response) {
    Map<String, Tensor> gathered = new LinkedHashMap<>();
    response
        .properties()
        .forEach(
            model ->
                tensors(model.getValue())
                    .forEach((name, tensor) -> gathered.put(model.getKey() + "." + name, tensor)));
    return gathered;
  }

  /** A text or texts as they are, and of records a tensor for each field. */
  private static Map<String, Tensor> tensors(JsonNode body) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    body.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (value.isArray() && value.get(0).isObject()) {
                tensors.putAll(columns(value));
              } else {
                tensors.put(field.getKey(), texts(value.isArray() ? value : List.of(value)));
              }
            });
    return tensors;
  }

  private static Map<String, Tensor> columns(JsonNode records) {
    Map<String, Tensor> columns = new LinkedHashMap<>();
    records
        .get(0)
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              List<JsonNode> column = new ArrayList<>();
              records.forEach(one -> column.add(one.get(name)));
              columns.put(name, column.get(0).isArray() ? numbers(column) : texts(column));
            });
    return columns;
  }

  private static Tensor texts(Iterable<JsonNode> values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return Tensor.ofStrings(texts);
  }

  private static Tensor numbers(List<JsonNode> rows) {
    List<Double> numbers = new ArrayList<>();
    rows.forEach(row -> row.forEach(number -> numbers.add(number.asDouble())));
    return Tensor.ofDoubles(
        numbers.stream().mapToDouble(n -> n).toArray(), rows.size(), rows.get(0).size());
  }
}
