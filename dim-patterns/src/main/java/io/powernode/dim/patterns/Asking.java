package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import java.util.List;
import java.util.Map;

/** What the models of a job are asked for, and how their answers are read. */
interface Asking {
  /**
   * What is to leave a cabinet: the most first, and then what to be content with where the owner's
   * policy denies it.
   */
  List<ReductionSpec> reductions(ModelDescriptor model);

  /**
   * The votes in what left a cabinet.
   *
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if there are none
   */
  ModelVote ofPartial(Map<String, Tensor> partial, ModelDescriptor model);

  /** The votes in a model's outputs for the job's own rows. */
  ModelVote ofOutputs(Map<String, Tensor> outputs, int rows, ModelDescriptor model);
}
