package io.powernode.dim.spi;

import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes one answer of the nodes' contributions. Thread-safe and without state of its own. */
public interface Aggregator extends Named {
  /** The reductions whose partials it can aggregate; mean and sum unless it says otherwise. */
  default Set<String> reductions() {
    return Set.of("mean", "sum");
  }

  /** Adds a violation for each option that the method does not have or that is out of range. */
  default void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of());
  }

  /**
   * The fewest contributions that the method can work with; 1 unless it says otherwise. A job that
   * gets fewer fails with {@link io.powernode.dim.api.ErrorCode#QUORUM_NOT_MET}.
   *
   * @param options valid ones
   */
  default int minimum(Options options) {
    return 1;
  }

  /**
   * Aggregates.
   *
   * @param inputs at least {@link #minimum}, ordered by node id: names, types and shapes of all
   *     partials are equal, values finite, samples above 0
   * @param reduction what the partials are
   * @param options the job's options of this method
   */
  Aggregate aggregate(List<Input> inputs, Reduction reduction, Options options);

  /**
   * What one node contributes.
   *
   * @param nodeId the node
   * @param partial its partial
   * @param weight the job's given weight, else the node's reputation; finite, above 0
   */
  record Input(String nodeId, Partial partial, double weight) {}

  /**
   * An aggregate.
   *
   * @param value the answer
   * @param shares how much of the answer each node is, by id, summing to 1; a node that the method
   *     left out is absent
   * @param rejected why the method left a node out, by id
   */
  record Aggregate(Partial value, Map<String, Double> shares, Map<String, String> rejected) {
    public Aggregate {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
      rejected = Collections.unmodifiableMap(new LinkedHashMap<>(rejected));
    }
  }
}
