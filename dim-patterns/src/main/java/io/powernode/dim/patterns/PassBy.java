package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What rows that pass a step by have in its outputs: the value that the job declares, or what it
 * names of an earlier step, else what the step's source has under the output's name.
 *
 * @param values that stand for all rows, by output
 * @param tensors with an entry for each row, by output
 */
record PassBy(Map<String, Object> values, Map<String, Tensor> tensors) {

  /** What a step with a model declares, over its source. */
  static PassBy of(
      PipelineStep step, Map<String, Tensor> source, Map<Integer, StepOutput> outputs) {
    return of(step, Map.of(), source, outputs);
  }

  /** What a step with a vote declares, over what nobody has voted on. */
  static PassBy ofVote(PipelineStep step, Tensor rowIds, Map<Integer, StepOutput> outputs) {
    return of(step, BlockTensors.UNDECIDED, Map.of(RowPartials.ROW_IDS, rowIds), outputs);
  }

  private static PassBy of(
      PipelineStep step,
      Map<String, Object> usual,
      Map<String, Tensor> source,
      Map<Integer, StepOutput> outputs) {
    Map<String, Object> values = new HashMap<>(usual);
    Map<String, Tensor> tensors = new HashMap<>(source);
    step.otherwise()
        .asMap()
        .forEach(
            (output, value) -> {
              Optional<Reference> reference = Reference.of(value);
              if (reference.isEmpty()) {
                values.put(output, value);
              } else {
                values.remove(output);
                tensors.put(output, reference.get().in(outputs));
              }
            });
    return new PassBy(values, tensors);
  }

  /**
   * A declared value as a row of an output.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if the output's type has no such value
   */
  static Tensor fill(TensorSpec output, Object value) {
    long[] form = output.shape().stream().skip(1).mapToLong(size -> size).toArray();
    return fill(output.name(), output.datatype(), form, value);
  }

  private static Tensor fill(String output, DataType type, long[] form, Object value) {
    return FillValue.row(type, form, value)
        .orElseThrow(() -> invalid(output, "otherwise has a value that is none of " + type));
  }

  /** {@code step_K_output.NAME} where a value could stand. */
  record Reference(int step, String name) {
    static Optional<Reference> of(Object value) {
      return value instanceof String text
          ? PipelineStep.sourceStep(text)
              .flatMap(k -> PipelineStep.sourceTensor(text).map(name -> new Reference(k, name)))
          : Optional.empty();
    }

    private Tensor in(Map<Integer, StepOutput> outputs) {
      Tensor tensor = Lookup.in(outputs, step).tensors().get(name);
      if (tensor == null) {
        throw new DimException(
            ErrorCode.INVALID_DATA, "otherwise: step %d has no output %s".formatted(step, name));
      }
      return tensor;
    }
  }

  /**
   * A tensor with an entry for each row, or one for all.
   *
   * @param form of a row
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if there is none of that type and form
   */
  Tensor of(String output, DataType type, long[] form, int rows) {
    Object value = values.get(output);
    if (value != null) {
      return fill(output, type, form, value);
    }
    Tensor same = tensors.get(output);
    if (same == null) {
      throw invalid(output, "rows that pass the step by have nothing there");
    }
    boolean fits =
        same.dataType() == type
            && same.rank() == form.length + 1
            && same.dimension(0) == rows
            && Arrays.equals(Arrays.copyOfRange(same.shape(), 1, same.rank()), form);
    if (!fits) {
      throw invalid(
          output,
          "rows that pass the step by have it as %s, those that go through as %s%s"
              .formatted(same, type, Arrays.toString(form)));
    }
    return same;
  }

  /** The form of a row of an output that nobody answered: as it passes by, or as declared. */
  long[] form(TensorSpec output) {
    Tensor same = values.containsKey(output.name()) ? null : tensors.get(output.name());
    return same != null && same.rank() > 0
        ? Arrays.copyOfRange(same.shape(), 1, same.rank())
        : output.shape().stream().skip(1).mapToLong(size -> size).toArray();
  }

  private static DimException invalid(String output, String problem) {
    return new DimException(ErrorCode.INVALID_DATA, "output " + output + ": " + problem);
  }
}
