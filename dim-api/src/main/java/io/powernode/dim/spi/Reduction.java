package io.powernode.dim.spi;

import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A local reduction, both halves in one place: what runs on the node and how the nodes' partials
 * merge. Thread-safe and without state of its own.
 */
public interface Reduction extends Named {
  /** Adds a violation for each option that the method does not have or that is out of range. */
  default void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of());
  }

  /** Whether an answer holds something for every row, which a policy must allow by name. */
  default boolean rowLevel() {
    return false;
  }

  /**
   * Whether it reads the model's outputs. One that does not is given none, and the model is not
   * run, though the policy must allow it all the same.
   */
  default boolean readsOutputs() {
    return true;
  }

  /** Starts reducing on a node. */
  Reducer start(ModelDescriptor model, ReductionSpec spec);

  /**
   * Merges partials of several nodes. Associative, and independent of order because the caller
   * gives them in canonical order.
   *
   * @param partials at least one, ordered by node id
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if their shapes differ
   */
  Partial merge(List<Partial> partials);

  /** A merged partial as a job's answer: its tensors unless the method has a better form. */
  default JobOutput output(Partial merged) {
    return JobOutput.ofTensors(merged.values(), merged.samples());
  }

  /** Takes a node's rows batch by batch, in constant memory unless row-level. Not thread-safe. */
  interface Reducer {
    /**
     * Takes one batch and the model's outputs for it, if it reads any.
     *
     * @throws io.powernode.dim.api.DimException with {@link
     *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if an output does not fit the method
     */
    void accept(Batch batch, Map<String, Tensor> outputs);

    /** The partial over all batches taken; 0 samples if there were none. */
    Partial finish();
  }
}
