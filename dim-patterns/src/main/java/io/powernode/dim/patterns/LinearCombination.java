package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Adds named tensors of equal shapes, each multiplied by a factor, in the order in which given.
 * Where they are many, blocks of them are added side by side, on the common pool: no sum depends on
 * another one, so that it is the same to the bit.
 */
final class LinearCombination {
  /** How many sums are made at a time: few enough for a processor's nearest cache. */
  private static final int BLOCK = 1024;

  /** So many numbers are worth waking other cores for: a millisecond's work. */
  private static final long MUCH = 1 << 20;

  private LinearCombination() {}

  /**
   * The sum of {@code factors[i] × terms[i]}, as FP64 tensors in the first term's order.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if names or shapes differ, or a tensor
   *     is text
   */
  static Map<String, Tensor> of(List<Map<String, Tensor>> terms, double[] factors) {
    Map<String, Tensor> first = terms.get(0);
    for (Map<String, Tensor> term : terms) {
      if (!term.keySet().equals(first.keySet())) {
        throw new DimException(
            ErrorCode.INVALID_DATA, "tensors: the nodes' answers have different names");
      }
    }
    Map<String, Tensor> sums = new LinkedHashMap<>();
    for (String name : first.keySet()) {
      sums.put(name, sum(name, terms.stream().map(term -> term.get(name)).toList(), factors));
    }
    return sums;
  }

  private static Tensor sum(String name, List<Tensor> terms, double[] factors) {
    long[] shape = terms.get(0).shape();
    for (Tensor term : terms) {
      if (!term.dataType().isNumeric() || !Arrays.equals(term.shape(), shape)) {
        throw new DimException(
            ErrorCode.INVALID_DATA,
            "tensor " + name + ": is not of numbers, or the nodes' shapes differ");
      }
    }
    double[] sums = new double[terms.get(0).elements()];
    IntStream blocks = IntStream.range(0, (sums.length + BLOCK - 1) / BLOCK);
    boolean isMuch = (long) sums.length * terms.size() >= MUCH;
    (isMuch ? blocks.parallel() : blocks).forEach(i -> sum(terms, factors, sums, i * BLOCK));
    return Tensors.ofDoubles(sums, shape);
  }

  private static void sum(List<Tensor> terms, double[] factors, double[] sums, int from) {
    int count = Math.min(BLOCK, sums.length - from);
    double[] values = new double[count];
    CompensatedSums block = new CompensatedSums(count);
    for (int i = 0; i < factors.length; i++) {
      terms.get(i).copyDoubles(from, values, count);
      block.add(values, count, factors[i]);
    }
    System.arraycopy(block.dividedBy(1), 0, sums, from, count);
  }
}
