package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import java.util.Arrays;

/** Counts how many rows have an output's numbers in which bin. */
final class OutputCounts implements OutputReducer.Accumulator {
  private final String output;
  private final double[] edges;
  private final long[] shape;
  private final int width;
  private final int bins;
  private final long[] counts;

  private OutputCounts(String output, double[] edges, long[] rowShape) {
    this.output = output;
    this.edges = edges;
    bins = edges.length + 1;
    shape = Arrays.copyOf(rowShape, rowShape.length + 1);
    shape[rowShape.length] = bins;
    width = Math.toIntExact(Arrays.stream(rowShape).reduce(1, Math::multiplyExact));
    counts = new long[Math.multiplyExact(width, bins)];
  }

  static OutputReducer of(String reduction, double[] edges) {
    return new OutputReducer(reduction, (output, shape) -> new OutputCounts(output, edges, shape));
  }

  @Override
  public void add(double[] values) {
    int column = 0;
    for (double value : values) {
      if (Double.isNaN(value)) {
        throw Tensors.invalid(output, "is not a number in some row, and so in no bin");
      }
      counts[column * bins + bin(value)]++;
      column = column + 1 == width ? 0 : column + 1;
    }
  }

  private int bin(double value) {
    int last = edges.length - 1;
    // The search tells -0 from 0, which are the same number.
    int found = Arrays.binarySearch(edges, value + 0.0);
    if (found < 0) {
      return -found - 1;
    }
    return found == last ? last : found + 1;
  }

  @Override
  public Tensor tensor(long rows) {
    return Tensor.ofLongs(counts, shape);
  }
}
