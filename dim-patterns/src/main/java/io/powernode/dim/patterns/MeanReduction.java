package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Optional;

/**
 * {@code mean}: the mean of every output over the node's rows, and their number. A partial holds
 * one FP64 tensor for each output, in the output's shape without the batch dimension: an output [n]
 * or [n,1] gives [1], one of [n,k] gives [k]. Integers and truth values are averaged as numbers; an
 * output of text is refused with {@link io.powernode.dim.api.ErrorCode#INVALID_DATA}.
 *
 * <p>Merging weights by rows, so that merged means equal the mean over all rows pooled, up to
 * rounding. Sums carry their rounding errors along, so this holds for any number of rows.
 * Thread-safe.
 */
public final class MeanReduction implements Reduction, PartialForm {

  /** For the service loader. */
  public MeanReduction() {}

  @Override
  public String name() {
    return "mean";
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return OutputSums.ofMeans(name());
  }

  @Override
  public Partial merge(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    return some.isEmpty() ? partials.get(0) : Partials.combine(some, Partials.shares(some));
  }

  @Override
  public Optional<String> problem(Partial partial, ModelDescriptor model, ReductionSpec spec) {
    return OutputForm.problem(partial, model);
  }
}
