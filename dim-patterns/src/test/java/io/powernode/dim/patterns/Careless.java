package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A plugin that reads its option {@code power} as a number, whatever it is. Never runs. */
final class Careless implements Aggregator, Reduction, ConsensusRule {
  static final String NAME = "careless";

  /** Two mistakes. */
  static final Options OPTIONS = Options.of(Map.of("power", "half", "other", 1));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> reductions() {
    return Set.of(NAME);
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("power"));
    options.number("power");
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    validate(consensus.options(), violations);
  }

  @Override
  public Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Partial merge(List<Partial> partials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Decision> decide(Ballots ballots, Consensus consensus) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    throw new UnsupportedOperationException();
  }
}
