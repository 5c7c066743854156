package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskInput.Kept;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What steps of a pipeline work on where the rows stay on their node. */
final class KeptInputs {
  private final List<PipelineStep> pipeline;
  private final Map<Integer, StepOutput> outputs;

  KeptInputs(PipelineState state) {
    this.pipeline = state.pipeline();
    this.outputs = state.outputs();
  }

  /**
   * The input of a step's model.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if an input is not fed
   */
  Kept of(StepRun run) {
    PipelineStep step = run.step();
    ModelDescriptor model = run.model().orElseThrow();
    Map<String, Column> columns = new LinkedHashMap<>();
    step.inputs().forEach((input, from) -> columns.put(input, column(from)));
    int source = PipelineStep.sourceStep(step.inputSource()).orElseThrow();
    List<TensorSpec> inputs = model.signature().inputs();
    if (inputs.isEmpty()) {
      stay(source).names().forEach(name -> columns.putIfAbsent(name, column(source, name)));
    }
    List<TensorSpec> open =
        inputs.stream().filter(input -> !columns.containsKey(input.name())).toList();
    HandOver match = HandOver.match(open, step.inputs().isEmpty(), stay(source).names());
    if (!match.unfed().isEmpty()) {
      throw StepInputs.unfed(step, StepInputs.label(pipeline.get(source - 1)), match.unfed());
    }
    match.pairs().forEach((input, tensor) -> columns.put(input, column(source, tensor)));
    match.columns().forEach(name -> columns.put(name, column(source, name)));
    return new Kept(columns, step.rows().map(text -> division(text, step, model, source)));
  }

  /** The input of a condition. */
  Kept of(String condition) {
    return new Kept(read(condition), Optional.empty());
  }

  private Map<String, Column> read(String condition) {
    Map<String, Column> read = new LinkedHashMap<>();
    ConditionTree.parse(condition)
        .outputs()
        .forEach(output -> read.put(output.toString(), column(output.step(), output.name())));
    return read;
  }

  private Division division(String text, PipelineStep step, ModelDescriptor model, int source) {
    Map<String, Column> passing = new LinkedHashMap<>();
    Map<String, Tensor> otherwise = new LinkedHashMap<>();
    for (TensorSpec output : model.signature().outputs()) {
      String name = output.name();
      Optional<Object> declared = Optional.ofNullable(step.otherwise().asMap().get(name));
      Optional<PassBy.Reference> reference = declared.flatMap(PassBy.Reference::of);
      if (reference.isPresent()) {
        passing.put(name, column(reference.get().step(), reference.get().name()));
      } else if (declared.isPresent()) {
        otherwise.put(name, PassBy.fill(output, declared.get()));
      } else {
        passing.put(name, column(source, name));
      }
    }
    return new Division(
        new Condition(PipelineConditions.NAME, text), read(text), passing, otherwise);
  }

  private Column column(String source) {
    return column(
        PipelineStep.sourceStep(source).orElseThrow(),
        PipelineStep.sourceTensor(source).orElseThrow());
  }

  private Column column(int step, String name) {
    StepOutput.Stay stay = stay(step);
    if (!stay.names().contains(name)) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "%s has no output %s".formatted(StepInputs.label(pipeline.get(step - 1)), name));
    }
    return new Column(stay.handle(), name);
  }

  private StepOutput.Stay stay(int step) {
    return Lookup.in(outputs, step).stay().orElseThrow();
  }
}
