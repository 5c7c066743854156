package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code numbers}: what a regression answers for each row. A partial holds {@code row_ids} BYTES
 * [n] and {@code numbers} FP64 [n], NaN where the model gave no finite number and so abstained.
 *
 * <p>The number is that of the first floating-point output with one entry a row, [n] or [n,1], else
 * of the first such output of integers; without either, the outputs are refused with {@link
 * io.powernode.dim.api.ErrorCode#INVALID_DATA}. Merging puts one node's rows below the other's. No
 * options. Thread-safe.
 */
public final class NumbersReduction implements Reduction {
  static final String NAME = "numbers";

  /** For the service loader. */
  public NumbersReduction() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean rowLevel() {
    return true;
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new NumbersReducer();
  }

  @Override
  public Partial merge(List<Partial> partials) {
    return RowPartials.merge(partials);
  }

  /** The number that a model's outputs have for each row. */
  static double[] numbers(Map<String, Tensor> outputs, int rows) {
    return outputs.values().stream()
        .filter(ofRows(rows).and(output -> output.dataType().isFloating()))
        .findFirst()
        .or(() -> outputs.values().stream().filter(ofRows(rows)).findFirst())
        .map(NumbersReduction::finiteOrNaN)
        .orElseThrow(
            () ->
                Tensors.invalid(
                    String.join(", ", outputs.keySet()), "there is no number for each row"));
  }

  private static Predicate<Tensor> ofRows(int rows) {
    return output ->
        isNumber(output.dataType())
            && output.rank() >= 1
            && output.rank() <= 2
            && output.dimension(0) == rows
            && output.elements() == rows;
  }

  /** Whether elements are numbers and no truth values. */
  static boolean isNumber(DataType type) {
    return type.isNumeric() && type != DataType.BOOL;
  }

  static double[] finiteOrNaN(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles())
        .map(number -> Double.isFinite(number) ? number : Double.NaN)
        .toArray();
  }

  private static final class NumbersReducer implements Reducer {
    private final RowBuffer buffer = new RowBuffer();
    private long rows;

    @Override
    public void accept(Batch batch, Map<String, Tensor> outputs) {
      Map<String, Tensor> block = new LinkedHashMap<>();
      block.put(RowPartials.ROW_IDS, batch.rowIds());
      block.put(NAME, Tensor.ofDoubles(numbers(outputs, batch.rows())));
      buffer.add(block);
      rows += batch.rows();
    }

    @Override
    public Partial finish() {
      return new Partial(buffer.tensors(), rows);
    }
  }
}
