package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code sum}: the sum of every output over the node's rows, and their number; in the form of
 * {@link MeanReduction}'s partials. Merging adds. Thread-safe.
 */
public final class SumReduction implements Reduction, PartialForm {

  /** For the service loader. */
  public SumReduction() {}

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return OutputSums.ofTotals(name());
  }

  @Override
  public Partial merge(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    double[] ones = new double[some.size()];
    Arrays.fill(ones, 1);
    return some.isEmpty() ? partials.get(0) : Partials.combine(some, ones);
  }

  @Override
  public Optional<String> problem(Partial partial, ModelDescriptor model, ReductionSpec spec) {
    return OutputForm.problem(partial, model);
  }
}
