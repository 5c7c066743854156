package io.powernode.dim.examples;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult.Success;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How does a plugin add a pattern? In this one several nodes run the same model, the first valid
 * answer wins, and the others are cancelled. A file in META-INF/services makes it known. Nothing
 * here is about journals or crashes: the context keeps every step. {@link RunFirstAnswerWins} runs
 * it. Thread-safe.
 */
public final class FirstAnswerWins implements PatternEngine<FirstAnswerWins.Race> {

  /**
   * What a job asks for; the components are the fields of its JSON.
   *
   * @param modelId the model
   * @param nodes who races, at least 2
   */
  public record Race(String modelId, List<String> nodes) implements PatternSpec {
    @Override
    public String pattern() {
      return "first_answer_wins";
    }

    @Override
    public void validate(Violations violations) {
      violations.requireId(modelId, "modelId");
      violations.require(
          nodes.size() >= 2 && Set.copyOf(nodes).size() == nodes.size(),
          "nodes",
          "is no race",
          "at least 2 distinct nodes");
    }
  }

  /** For the service loader. */
  public FirstAnswerWins() {}

  @Override
  public String name() {
    return "first_answer_wins";
  }

  @Override
  public Class<Race> specType() {
    return Race.class;
  }

  @Override
  public void validate(Race spec, Catalog catalog, Violations violations) {
    violations.require(
        catalog.model(spec.modelId()).isPresent(), "modelId", "is unknown", "a registered model");
    for (int i = 0; i < spec.nodes().size(); i++) {
      violations
          .at("nodes")
          .at(i)
          .require(
              catalog.node(spec.nodes().get(i)).isPresent(), "", "is unknown", "a registered node");
    }
  }

  @Override
  public Set<String> models(Race spec, Catalog catalog) {
    return Set.of(spec.modelId());
  }

  @Override
  public int estimateTasks(Race spec, Catalog catalog) {
    return spec.nodes().size();
  }

  @Override
  public PatternResult execute(Race spec, PatternContext context) {
    List<Task> tasks = spec.nodes().stream().map(node -> task(spec, node, context)).toList();
    TaskResults results = context.runAll("race", tasks, Until.firstValid(FirstAnswerWins::isValid));
    return results.successes().stream()
        .filter(FirstAnswerWins::isValid)
        .findFirst()
        .map(FirstAnswerWins::won)
        .orElseGet(
            () -> PatternResult.failed(ErrorInfo.of(ErrorCode.QUORUM_NOT_MET, "no node answered")));
  }

  private static Task task(Race spec, String node, PatternContext context) {
    return Task.model("race/" + node, spec.modelId()).onNode(node).input(context.inputData());
  }

  private static boolean isValid(Success success) {
    return success.outputs().values().stream()
        .filter(tensor -> tensor.dataType().isNumeric())
        .flatMapToDouble(tensor -> Arrays.stream(tensor.toDoubles()))
        .allMatch(Double::isFinite);
  }

  private static PatternResult won(Success success) {
    return PatternResult.completed(
        JobOutput.ofTensors(success.outputs(), success.samples()),
        Evidence.of("first_answer_wins").with(Options.of(Map.of("winner", success.nodeId()))));
  }
}
