package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import java.util.List;
import java.util.Map;

/** Asks regressions for a number a row. */
final class NumberAsking implements Asking {

  @Override
  public List<ReductionSpec> reductions(ModelDescriptor model) {
    return List.of(ReductionSpec.of(NumbersReduction.NAME));
  }

  @Override
  public ModelVote ofPartial(Map<String, Tensor> partial, ModelDescriptor model) {
    return NumberVote.ofPartial(partial);
  }

  @Override
  public ModelVote ofOutputs(Map<String, Tensor> outputs, int rows, ModelDescriptor model) {
    return NumberVote.ofOutputs(outputs, rows);
  }
}
