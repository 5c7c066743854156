package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The nodes' tensors coordinate by coordinate: for each number of the answer, what every node says.
 * They are read in blocks, so that no copy of all nodes' numbers is needed.
 */
final class Coordinates {
  /** How many numbers of all nodes are read at a time: few enough for a processor's cache. */
  private static final int BLOCK = 1 << 17;

  private Coordinates() {}

  /** Takes some coordinates of one tensor. */
  interface Visitor {
    /**
     * Takes a block, which is used again for the next one.
     *
     * @param block the numbers as {@code block[node][i]}, for {@code i} below {@code width}
     */
    void visit(double[][] block, int width);
  }

  /** Reads all coordinates of one tensor, in order. */
  static void forEachBlock(List<Partial> partials, String name, Visitor visitor) {
    List<Tensor> nodes =
        partials.stream().map(partial -> Lookup.in(partial.values(), name)).toList();
    int elements = nodes.get(0).elements();
    int width = Math.min(elements, Math.max(8, BLOCK / nodes.size()));
    double[][] block = new double[nodes.size()][width];
    for (int at = 0; at < elements; at += width) {
      int count = Math.min(width, elements - at);
      for (int node = 0; node < block.length; node++) {
        nodes.get(node).copyDoubles(at, block[node], count);
      }
      visitor.visit(block, count);
    }
  }

  /**
   * A statistic of every coordinate, in tensors of the partials' names and shapes that speak for
   * all rows.
   *
   * @param ofSorted the statistic of the nodes' numbers in ascending order; the array is used again
   */
  static Partial each(List<Partial> partials, ToDoubleFunction<double[]> ofSorted) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    partials
        .get(0)
        .values()
        .forEach((name, tensor) -> values.put(name, each(partials, name, tensor, ofSorted)));
    return new Partial(values, Partials.samples(partials));
  }

  private static Tensor each(
      List<Partial> partials, String name, Tensor first, ToDoubleFunction<double[]> ofSorted) {
    DoubleBuffer statistics = DoubleBuffer.allocate(first.elements());
    double[] column = new double[partials.size()];
    forEachBlock(
        partials,
        name,
        (block, width) -> {
          for (int i = 0; i < width; i++) {
            for (int node = 0; node < column.length; node++) {
              column[node] = block[node][i];
            }
            Arrays.sort(column);
            statistics.put(ofSorted.applyAsDouble(column));
          }
        });
    return Tensors.ofDoubles(statistics.array(), first.shape());
  }

  /**
   * The mean of a part of a sorted column. Rounding does not take it out of that part's range.
   *
   * @param to exclusive, above {@code from}
   */
  static double mean(double[] sorted, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += sorted[i];
    }
    return Math.min(sorted[to - 1], Math.max(sorted[from], sum / (to - from)));
  }
}
