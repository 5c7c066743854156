package io.powernode.dim.api;

import java.util.Optional;

/**
 * What the data of a node must be for the node to take part.
 *
 * @param type the kind of data that a cabinet declares, as in {@code medical}
 * @param minSamples the least number of rows; 0 or more
 * @param timeRange only rows of this period of the cabinet's declared time column count; a node
 *     without such a column is not eligible
 * @param location the place that the node declares, compared exactly
 * @param maxNodes the most nodes to choose; 1 or more
 */
public record DataRequirements(
    Optional<String> type,
    Optional<Long> minSamples,
    Optional<TimeRange> timeRange,
    Optional<String> location,
    Optional<Integer> maxNodes) {

  /** Any data anywhere. */
  public static DataRequirements any() {
    return new DataRequirements(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  void validate(Violations violations) {
    violations.require(minSamples.orElse(0L) >= 0, "minSamples", "is negative", "0 or more");
    violations.require(maxNodes.orElse(1) >= 1, "maxNodes", "is too small", "1 or more");
    timeRange.ifPresent(range -> range.validate(violations.at("timeRange")));
  }
}
