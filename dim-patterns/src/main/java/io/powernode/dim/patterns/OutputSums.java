package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums every output of a model over the rows, in memory that does not depend on their number. */
final class OutputSums implements Reducer {
  private final String reduction;
  private final boolean mean;
  private final Map<String, Sum> sums = new LinkedHashMap<>();
  private long rows;

  private OutputSums(String reduction, boolean mean) {
    this.reduction = reduction;
    this.mean = mean;
  }

  static OutputSums ofMeans(String reduction) {
    return new OutputSums(reduction, true);
  }

  static OutputSums ofTotals(String reduction) {
    return new OutputSums(reduction, false);
  }

  @Override
  public void accept(Batch batch, Map<String, Tensor> outputs) {
    outputs.forEach((name, tensor) -> require(name, tensor, batch.rows()));
    if (rows > 0 && !outputs.keySet().equals(sums.keySet())) {
      throw Tensors.invalid(outputs.keySet().toString(), "are other outputs than before");
    }
    outputs.forEach((name, tensor) -> Lookup.in(sums, name).add(tensor.toDoubles()));
    rows += batch.rows();
  }

  private void require(String name, Tensor tensor, int batchRows) {
    long[] shape = Tensors.rowShape(name, tensor, batchRows);
    if (Tensors.isText(tensor)) {
      throw Tensors.invalid(name, "is text; the reduction " + reduction + " needs numbers");
    }
    Sum sum = sums.get(name);
    if (sum == null && rows == 0) {
      sums.put(name, new Sum(shape, tensor.elements() / batchRows));
    } else if (sum != null && !Arrays.equals(sum.shape, shape)) {
      throw Tensors.invalid(name, "changes its shape between batches");
    }
  }

  @Override
  public Partial finish() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    sums.forEach((name, sum) -> values.put(name, sum.tensor(mean ? rows : 1)));
    return new Partial(values, rows);
  }

  private static final class Sum {
    final long[] shape;
    final int width;
    final CompensatedSums sums;

    Sum(long[] shape, int width) {
      this.shape = shape;
      this.width = width;
      this.sums = new CompensatedSums(width);
    }

    void add(double[] values) {
      int column = 0;
      for (double value : values) {
        sums.add(column, value);
        column = column + 1 == width ? 0 : column + 1;
      }
    }

    /** One number a row is told as shape [1], so that [n] and [n,1] give the same. */
    Tensor tensor(long divisor) {
      return Tensors.ofDoubles(sums.dividedBy(divisor), shape.length == 0 ? new long[] {1} : shape);
    }
  }
}
