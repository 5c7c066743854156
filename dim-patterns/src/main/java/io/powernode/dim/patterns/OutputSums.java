package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import java.util.Arrays;

/** Sums an output of a model over the rows. */
final class OutputSums implements OutputReducer.Accumulator {
  private final boolean mean;
  private final long[] shape;
  private final int width;
  private final CompensatedSums sums;

  private OutputSums(boolean mean, long[] shape) {
    this.mean = mean;
    this.shape = shape;
    this.width = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    this.sums = new CompensatedSums(width);
  }

  static OutputReducer ofMeans(String reduction) {
    return new OutputReducer(reduction, (output, shape) -> new OutputSums(true, shape));
  }

  static OutputReducer ofTotals(String reduction) {
    return new OutputReducer(reduction, (output, shape) -> new OutputSums(false, shape));
  }

  @Override
  public void add(double[] values) {
    int column = 0;
    for (double value : values) {
      sums.add(column, value);
      column = column + 1 == width ? 0 : column + 1;
    }
  }

  @Override
  public Tensor tensor(long rows) {
    return Tensors.ofDoubles(sums.dividedBy(mean ? rows : 1), shape);
  }
}
