package io.powernode.dim.daemon;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.RowRoute;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.IntStream;

/** A language whose conditions are numbers: any row, or each row, must be above. */
final class Threshold implements ConditionLanguage {
  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public boolean holds(String condition, Map<String, Tensor> tensors) {
    return Arrays.stream(values(tensors)).anyMatch(v -> v > Double.parseDouble(condition));
  }

  @Override
  public RowRoute route(String condition, Map<String, Tensor> tensors, int rows) {
    double[] values = values(tensors);
    BitSet through = new BitSet();
    IntStream.range(0, rows)
        .filter(row -> values[row] > Double.parseDouble(condition))
        .forEach(through::set);
    return RowRoute.of(through, rows);
  }

  private static double[] values(Map<String, Tensor> tensors) {
    return tensors.values().iterator().next().toDoubles();
  }
}
