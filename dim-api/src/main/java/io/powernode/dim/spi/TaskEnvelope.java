package io.powernode.dim.spi;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import java.util.Optional;

/**
 * A task on its way to a node.
 *
 * @param id its identity
 * @param epoch the fencing token of the job's owner; a node refuses a lower one than it has seen
 *     for the job
 * @param requester for whom and why
 * @param work what to run
 * @param input tensors, a cabinet or kept rows, never {@link TaskInput.OutputOf}
 * @param reduction what may leave the node, when the input is a cabinet or kept rows
 * @param effect what running it twice means
 */
public record TaskEnvelope(
    TaskId id,
    long epoch,
    Requester requester,
    Work work,
    TaskInput input,
    Optional<ReductionSpec> reduction,
    Effect effect) {

  /**
   * For whom a task runs, for the data owner's policy.
   *
   * @param userId who submitted the job
   * @param purpose why, if the job says so
   */
  public record Requester(String userId, Optional<String> purpose) {}

  /** What the node runs. */
  public sealed interface Work {
    /**
     * A model as it was pinned at submit.
     *
     * @param descriptor with the digest to verify
     */
    record Model(ModelDescriptor descriptor) implements Work {}

    /**
     * An action of the node's host.
     *
     * @param name its name
     * @param undoes the full step name of the action of the same job that it undoes, if any: the
     *     node begins this one only when that one is over, and from then on that one no more
     */
    record Action(String name, Optional<String> undoes) implements Work {
      /** One that undoes nothing. */
      public Action(String name) {
        this(name, Optional.empty());
      }
    }

    /**
     * A condition on kept rows.
     *
     * @param condition to decide
     */
    record Test(Condition condition) implements Work {}
  }
}
