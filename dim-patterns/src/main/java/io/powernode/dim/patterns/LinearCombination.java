package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds named tensors of equal shapes, each multiplied by a factor, in the order in which given. */
final class LinearCombination {
  /** How many sums are made at a time: few enough for a processor's nearest cache. */
  private static final int BLOCK = 1024;

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
    double[] values = new double[Math.min(BLOCK, sums.length)];
    for (int from = 0; from < sums.length; from += values.length) {
      int count = Math.min(values.length, sums.length - from);
      CompensatedSums block = new CompensatedSums(count);
      for (int i = 0; i < factors.length; i++) {
        terms.get(i).copyDoubles(from, values, count);
        block.add(values, count, factors[i]);
      }
      System.arraycopy(block.dividedBy(1), 0, sums, from, count);
    }
    return Tensors.ofDoubles(sums, shape);
  }
}
