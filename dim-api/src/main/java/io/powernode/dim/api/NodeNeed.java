package io.powernode.dim.api;

import java.util.Optional;

/**
 * What a job asks of the nodes that it does not name, said fluently. Immutable.
 *
 * @param data what their data must be
 * @param reputation the least reputation, within 0..1
 */
public record NodeNeed(DataRequirements data, Optional<Double> reputation) {

  /** Any node. */
  public static NodeNeed any() {
    return new NodeNeed(DataRequirements.any(), Optional.empty());
  }

  /** Nodes with data of this kind. */
  public NodeNeed dataType(String type) {
    return with(
        new DataRequirements(
            Optional.of(type),
            data.minSamples(),
            data.timeRange(),
            data.location(),
            data.maxNodes()));
  }

  /** Nodes with at least this many rows. */
  public NodeNeed minSamples(long rows) {
    return with(
        new DataRequirements(
            data.type(), Optional.of(rows), data.timeRange(), data.location(), data.maxNodes()));
  }

  /** Only rows of this period. */
  public NodeNeed timeRange(TimeRange range) {
    return with(
        new DataRequirements(
            data.type(), data.minSamples(), Optional.of(range), data.location(), data.maxNodes()));
  }

  /** Nodes at this place. */
  public NodeNeed location(String place) {
    return with(
        new DataRequirements(
            data.type(), data.minSamples(), data.timeRange(), Optional.of(place), data.maxNodes()));
  }

  /** At most this many nodes. */
  public NodeNeed atMost(int nodes) {
    return with(
        new DataRequirements(
            data.type(), data.minSamples(), data.timeRange(), data.location(), Optional.of(nodes)));
  }

  /** Nodes with at least this reputation, within 0..1. */
  public NodeNeed reputationAtLeast(double value) {
    return new NodeNeed(data, Optional.of(value));
  }

  private NodeNeed with(DataRequirements changed) {
    return new NodeNeed(changed, reputation);
  }
}
