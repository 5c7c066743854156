package io.powernode.dim.spi;

import io.powernode.dim.api.DataRequirements;
import java.util.List;
import java.util.Optional;

/**
 * What nodes must be to be chosen.
 *
 * @param nodes exactly these, in this order; empty for any
 * @param data what their data must be
 * @param cabinet the name of a cabinet that they must hold
 * @param format a model format that they must be able to run
 * @param modelId a model that is better warm than cold: a preference, no filter
 * @param reputationMin the least reputation, 0..1
 * @param count how many
 */
public record NodeRequirements(
    List<String> nodes,
    DataRequirements data,
    Optional<String> cabinet,
    Optional<String> format,
    Optional<String> modelId,
    double reputationMin,
    Count count) {

  public NodeRequirements {
    nodes = List.copyOf(nodes);
  }

  /** Any one node. */
  public static NodeRequirements any() {
    return new NodeRequirements(
        List.of(),
        DataRequirements.any(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        new Count(1, 1));
  }

  /** These nodes, all of them. */
  public static NodeRequirements named(List<String> nodes) {
    return any().withNodes(nodes).count(nodes.size(), nodes.size());
  }

  /** The same requirements for these nodes. */
  public NodeRequirements withNodes(List<String> ids) {
    return new NodeRequirements(ids, data, cabinet, format, modelId, reputationMin, count);
  }

  /** The same requirements on other data. */
  public NodeRequirements withData(DataRequirements newData) {
    return new NodeRequirements(nodes, newData, cabinet, format, modelId, reputationMin, count);
  }

  /** The same requirements on nodes that hold this cabinet. */
  public NodeRequirements withCabinet(String name) {
    return new NodeRequirements(
        nodes, data, Optional.of(name), format, modelId, reputationMin, count);
  }

  /** The same requirements on nodes that can run this model. */
  public NodeRequirements forModel(String id, String modelFormat) {
    return new NodeRequirements(
        nodes, data, cabinet, Optional.of(modelFormat), Optional.of(id), reputationMin, count);
  }

  /** The same requirements on nodes with at least this reputation. */
  public NodeRequirements reputationAtLeast(double value) {
    return new NodeRequirements(nodes, data, cabinet, format, modelId, value, count);
  }

  /** The same requirements on so many nodes. */
  public NodeRequirements count(int atLeast, int atMost) {
    return new NodeRequirements(
        nodes, data, cabinet, format, modelId, reputationMin, new Count(atLeast, atMost));
  }

  /**
   * How many nodes.
   *
   * @param atLeast fewer is a refusal; 1 or more
   * @param atMost no more are chosen; at least {@code atLeast}
   */
  public record Count(int atLeast, int atMost) {
    public Count {
      if (atLeast < 1 || atMost < atLeast) {
        throw new IllegalArgumentException("count: is out of order; allowed: 1 <= least <= most");
      }
    }
  }
}
