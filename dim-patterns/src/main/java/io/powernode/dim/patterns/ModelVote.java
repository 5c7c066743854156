package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What one model voted, row by row: labels, or the numbers of a regression. */
sealed interface ModelVote permits LabelVote, NumberVote {
  /** Pseudonymous ids, distinct. */
  List<String> rows();

  /** A label for each row, or none. */
  List<String> labels();

  /** A number for each row, or none. */
  List<Double> values();

  /**
   * The same for the consensus rule.
   *
   * @param reputation of the node that ran the model
   * @param indexes of the labels
   */
  Ballot ballot(String modelId, double reputation, Map<String, Integer> indexes);

  /** The same votes in another order. */
  ModelVote permuted(List<String> order, int[] from);

  /** The same votes about rows of other names. */
  default ModelVote called(List<String> names) {
    return permuted(names, IntStream.range(0, names.size()).toArray());
  }

  /** The same votes in the order of {@code order}; empty if they are about other rows. */
  default Optional<ModelVote> inOrderOf(List<String> order) {
    if (rows().equals(order)) {
      return Optional.of(this);
    }
    Map<String, Integer> positions = Positions.of(rows());
    if (order.size() != rows().size() || !positions.keySet().containsAll(order)) {
      return Optional.empty();
    }
    return Optional.of(permuted(order, order.stream().mapToInt(positions::get).toArray()));
  }
}
