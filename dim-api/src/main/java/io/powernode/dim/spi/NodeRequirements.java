package io.powernode.dim.spi;

import io.powernode.dim.api.DataRequirements;
import java.util.List;
import java.util.Optional;

/**
 * What nodes must be to be chosen.
 *
 * @param nodes exactly these, in this order; empty for any
 * @param data what their data must be
 * @param cabinet the name of a cabinet that they must hold; without one, but with requirements on
 *     data, they must hold exactly one cabinet of the kind, which is then the one that is meant
 * @param model a model that they must be able to run
 * @param action the name of an action that they must be able to perform
 * @param reputationMin the least reputation, 0..1
 * @param count how many
 */
public record NodeRequirements(
    List<String> nodes,
    DataRequirements data,
    Optional<String> cabinet,
    Optional<ModelNeed> model,
    Optional<String> action,
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
    return new NodeRequirements(ids, data, cabinet, model, action, reputationMin, count);
  }

  /** The same requirements on other data. */
  public NodeRequirements withData(DataRequirements newData) {
    return new NodeRequirements(nodes, newData, cabinet, model, action, reputationMin, count);
  }

  /** The same requirements on nodes that hold this cabinet. */
  public NodeRequirements withCabinet(String name) {
    return new NodeRequirements(
        nodes, data, Optional.of(name), model, action, reputationMin, count);
  }

  /** The same requirements on nodes that can run this model. */
  public NodeRequirements forModel(String id, String format) {
    return new NodeRequirements(
        nodes, data, cabinet, Optional.of(new ModelNeed(id, format)), action, reputationMin, count);
  }

  /** The same requirements on nodes that can perform this action. */
  public NodeRequirements forAction(String name) {
    return new NodeRequirements(
        nodes, data, cabinet, model, Optional.of(name), reputationMin, count);
  }

  /** The same requirements on nodes with at least this reputation. */
  public NodeRequirements reputationAtLeast(double value) {
    return new NodeRequirements(nodes, data, cabinet, model, action, value, count);
  }

  /** The same requirements on so many nodes. */
  public NodeRequirements count(int atLeast, int atMost) {
    return new NodeRequirements(
        nodes, data, cabinet, model, action, reputationMin, new Count(atLeast, atMost));
  }

  /**
   * A model that nodes are to run.
   *
   * @param id better warm than cold: a preference, no filter
   * @param format that they must be able to run
   */
  public record ModelNeed(String id, String format) {}

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
