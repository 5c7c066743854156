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
    CompensatedSums sums = new CompensatedSums(terms.get(0).elements());
    for (int i = 0; i < terms.size(); i++) {
      Tensor term = terms.get(i);
      if (!term.dataType().isNumeric() || !Arrays.equals(term.shape(), shape)) {
        throw new DimException(
            ErrorCode.INVALID_DATA,
            "tensor " + name + ": is not of numbers, or the nodes' shapes differ");
      }
      double[] values = term.toDoubles();
      for (int j = 0; j < values.length; j++) {
        sums.add(j, factors[i] * values[j]);
      }
    }
    return Tensors.ofDoubles(sums.dividedBy(1), shape);
  }
}
