package io.powernode.dim.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One step of a pipeline.
 *
 * @param step its number, 1..n in order
 * @param name what people call it
 * @param modelId the model to run; exactly one of this, {@code action} and {@code block}
 * @param action an action of the host to perform instead: an effect, done at most once
 * @param block a pattern to run instead, within the step; in JSON, {@code pattern} and {@code
 *     config} beside the step's other fields. It has no node, retries, fallback and rollback but
 *     those of its own parts. Blocks stand at most {@link PatternSpec#MAX_NESTING} deep inside each
 *     other
 * @param nodeId where; any eligible node when empty
 * @param inputSource {@link #CLIENT_DATA}, {@code step_K_output} of an earlier step, or a cabinet
 * @param inputs from an input's name to {@code step_K_output.NAME}, for what does not match by name
 * @param when the condition under which the step runs; empty for always. Comparisons ({@code <},
 *     {@code <=}, {@code >}, {@code >=}, {@code ==}, {@code !=}) of earlier steps' tensors, {@code
 *     step_K_output.NAME}, with numbers, texts in single quotes, or each other, joined by {@code
 *     and}, {@code or}, {@code not} and parentheses. A comparison is of single elements, or of each
 *     row's in {@code any(…)} and {@code all(…)}, as in {@code any(step_2_output.urgency >= 0.5)}.
 *     1 to 1,000 characters
 * @param rows the condition that a row must meet to go through the step; the others pass it by, and
 *     the answer has all of them in their order; empty for all rows. As {@code when}, but a
 *     comparison outside {@code any(…)} and {@code all(…)} is of each row's elements, as in {@code
 *     step_2_output.urgency >= 0.5}
 * @param otherwise by output, what rows have there that passed the step by: a number, a truth value
 *     or a text, which stands for all elements ({@code "NaN"}, {@code "Infinity"} and {@code
 *     "-Infinity"} are numbers too), or {@code step_K_output.NAME}. An output that is not named has
 *     what the step's source has under the same name
 * @param reduction what of a cabinet's rows, or of rows that stay on their node, may leave; without
 *     it, rows stay there where later steps can read them there, and else leave as they are
 * @param timeout how long an attempt may take, or all tasks of a block; above 0
 * @param retries how often a transient failure of this step is tried again; 0..100
 * @param fallbackModelId the model to run when the first one failed for good
 * @param rollback how to undo the step
 */
public record PipelineStep(
    int step,
    String name,
    Optional<String> modelId,
    Optional<String> action,
    Optional<PatternSpec> block,
    Optional<String> nodeId,
    String inputSource,
    Map<String, String> inputs,
    Optional<String> when,
    Optional<String> rows,
    Options otherwise,
    Optional<ReductionSpec> reduction,
    Optional<Duration> timeout,
    Optional<Integer> retries,
    Optional<String> fallbackModelId,
    Optional<Rollback> rollback) {

  /** The {@code inputSource} that means the job's own input data. */
  public static final String CLIENT_DATA = "client_data";

  private static final int MAX_CONDITION = 1_000;

  private static final String STEP = "step_";

  private static final Pattern STEP_OUTPUT =
      Pattern.compile(STEP + "([1-9][0-9]{0,5})_output(?:\\.(.+))?");

  public PipelineStep {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(inputSource, "inputSource");
    Objects.requireNonNull(otherwise, "otherwise");
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
  }

  /** The {@code inputSource} of a step that names none: the step before, or the job's own data. */
  public static String defaultSource(int step) {
    return step <= 1 ? CLIENT_DATA : "step_" + (step - 1) + "_output";
  }

  /**
   * The step whose output {@code source} names.
   *
   * @param source as in {@code step_2_output} or {@code step_2_output.risk}
   */
  public static Optional<Integer> sourceStep(String source) {
    return stepOutput(source).map(matcher -> Integer.valueOf(matcher.group(1)));
  }

  /** The tensor's name in {@code step_K_output.NAME}. */
  public static Optional<String> sourceTensor(String source) {
    return stepOutput(source).map(matcher -> matcher.group(2));
  }

  private static Optional<Matcher> stepOutput(String source) {
    return source.startsWith(STEP)
        ? Optional.of(STEP_OUTPUT.matcher(source)).filter(Matcher::matches)
        : Optional.empty();
  }

  /** Whether the input comes from a cabinet rather than from the job or an earlier step. */
  public boolean readsCabinet() {
    return !inputSource.equals(CLIENT_DATA) && sourceStep(inputSource).isEmpty();
  }

  void validate(Violations violations, int position, int depth) {
    violations.require(
        step == position, "step", () -> "is " + step + ", out of order", "steps numbered 1 to n");
    violations.require(
        !name.isBlank() && name.length() <= 200, "name", "has the wrong length", "1 to 200");
    violations.require(
        Stream.of(modelId, action, block).filter(Optional::isPresent).count() == 1,
        "modelId",
        "does not say what to run",
        "exactly one of modelId, action and pattern");
    modelId.ifPresent(id -> violations.requireId(id, "modelId"));
    action.ifPresent(id -> violations.requireId(id, "action"));
    nodeId.ifPresent(id -> violations.requireId(id, "nodeId"));
    fallbackModelId.ifPresent(id -> violations.requireId(id, "fallbackModelId"));
    violations.require(
        fallbackModelId.isEmpty() || modelId.isPresent(),
        "fallbackModelId",
        "stands beside no model",
        "a step that runs a model");
    block.ifPresent(pattern -> validateBlock(pattern, violations, depth + 1));
    validateCondition(when, violations, "when");
    validateCondition(rows, violations, "rows");
    validateOtherwise(violations);
    violations.require(
        reduction.isEmpty() || modelId.isPresent(),
        "reduction",
        "stands beside no model",
        "a step that runs a model over rows of a node");
    violations.require(
        timeout.map(JobSpec::isPositive).orElse(true),
        "timeout",
        "is not positive",
        "seconds above 0");
    int tries = retries.orElse(0);
    violations.require(tries >= 0 && tries <= 100, "retries", "is out of range", "0 to 100");
    rollback.ifPresent(r -> r.validate(violations.at("rollback")));
    validateSources(violations);
  }

  private static void validateCondition(
      Optional<String> condition, Violations violations, String field) {
    violations.require(
        condition.map(text -> !text.isBlank() && text.length() <= MAX_CONDITION).orElse(true),
        field,
        "has the wrong length",
        "1 to " + MAX_CONDITION + " characters");
  }

  private void validateOtherwise(Violations violations) {
    violations.require(
        rows.isPresent() || otherwise.names().isEmpty(),
        "otherwise",
        "stands in a step that no row passes by",
        "a step with rows");
    otherwise
        .asMap()
        .forEach(
            (output, value) ->
                violations
                    .at("otherwise")
                    .require(
                        !(value instanceof List || value instanceof Map),
                        output,
                        "is not a single value",
                        "a number, a truth value or a text"));
  }

  private void validateBlock(PatternSpec pattern, Violations violations, int depth) {
    Map<String, Optional<?>> ofOneTask = new LinkedHashMap<>();
    ofOneTask.put("nodeId", nodeId);
    ofOneTask.put("retries", retries);
    ofOneTask.put("rollback", rollback);
    ofOneTask.forEach(
        (field, value) ->
            violations.require(
                value.isEmpty(),
                field,
                "stands beside a block, which is more than one task",
                "left out; the block's config says it for its own parts"));
    Violations at = violations.at("config");
    if (depth > PatternSpec.MAX_NESTING) {
      violations.add(
          "pattern",
          "stands " + depth + " deep inside others",
          "at most " + PatternSpec.MAX_NESTING);
    } else if (pattern instanceof ChainedSpec chained) {
      chained.validate(at, depth);
    } else {
      pattern.validate(at);
    }
  }

  private void validateSources(Violations violations) {
    sourceStep(inputSource)
        .ifPresentOrElse(
            k -> requireEarlier(violations, "inputSource", k),
            () -> violations.requireId(inputSource, "inputSource"));
    violations.require(
        sourceTensor(inputSource).isEmpty(),
        "inputSource",
        "names a single tensor",
        "client_data, step_K_output or a cabinet; single tensors go into inputs");
    violations.require(
        !readsCabinet() || nodeId.isPresent() || block.isPresent(),
        "nodeId",
        "is missing, so nobody is known to hold the cabinet",
        "the id of the node that holds it");
    inputs.forEach(
        (input, source) -> {
          Violations at = violations.at("inputs");
          at.require(
              sourceTensor(source).isPresent(), input, "is not a tensor", "step_K_output.NAME");
          sourceStep(source).ifPresent(k -> requireEarlier(at, input, k));
        });
  }

  private void requireEarlier(Violations violations, String field, int source) {
    violations.require(
        source < step,
        field,
        () -> "reads step " + source + ", which does not come before step " + step,
        "an earlier step");
  }
}
