package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Asks classifiers for a label a row, with probabilities where the policy allows them.
 *
 * @param needsProbabilities whether labels alone are of no use
 */
record LabelAsking(Consensus consensus, Classes classes, boolean needsProbabilities)
    implements Asking {

  @Override
  public List<ReductionSpec> reductions(ModelDescriptor model) {
    ReductionSpec votes = new ReductionSpec(VotesReduction.NAME, options(model));
    ReductionSpec all = votes.with(VotesReduction.PROBABILITIES, true);
    return needsProbabilities
        ? List.of(all)
        : List.of(all, votes.with(VotesReduction.PROBABILITIES, false));
  }

  @Override
  public ModelVote ofPartial(Map<String, Tensor> partial, ModelDescriptor model) {
    return complete(LabelVote.ofPartial(partial, model, classes));
  }

  @Override
  public ModelVote ofOutputs(Map<String, Tensor> outputs, int rows, ModelDescriptor model) {
    return complete(LabelVote.ofOutputs(outputs, rows, model, options(model), classes));
  }

  private LabelVote complete(LabelVote vote) {
    if (needsProbabilities && vote.probabilities().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "votes: have no probabilities; allowed: a model whose scores are probabilities of the"
              + " classes, or a method that does not need them");
    }
    return vote;
  }

  private Options options(ModelDescriptor model) {
    Object minConfidence = consensus.options().asMap().get(Consensus.MIN_CONFIDENCE);
    Options reading = classes.reading(model, consensus);
    return minConfidence == null ? reading : reading.with(Consensus.MIN_CONFIDENCE, minConfidence);
  }
}
