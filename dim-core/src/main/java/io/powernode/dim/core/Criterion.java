package io.powernode.dim.core;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.spi.NodeRequirements;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * One condition that a node must meet to be chosen.
 *
 * @param name what a refusal calls it
 * @param test whether a node meets it
 */
record Criterion(String name, BiPredicate<NodeRecord, NodeRequirements> test) {
  static final String CABINET = "cabinet";
  static final String DATA_TYPE = "data type";

  private static final Criterion STATUS =
      new Criterion("status", (node, needs) -> node.status() == NodeStatus.ACTIVE);

  private static final Criterion REPUTATION =
      new Criterion("reputation", (node, needs) -> node.reputation() >= needs.reputationMin());

  private static final Criterion HOLDS_CABINET =
      new Criterion(
          CABINET, (node, needs) -> needs.cabinet().isEmpty() || holds(node, named(needs)));

  /** From here on one and the same cabinet must meet what is asked of the data. */
  private static final Criterion HOLDS_DATA_TYPE =
      new Criterion(
          DATA_TYPE, (node, needs) -> needs.data().type().isEmpty() || holds(node, fitting(needs)));

  private static final Criterion MIN_SAMPLES =
      new Criterion(
          "min samples",
          (node, needs) -> needs.data().minSamples().isEmpty() || holds(node, sized(needs)));

  private static final Criterion TIME_RANGE =
      new Criterion(
          "time range",
          (node, needs) ->
              needs.data().timeRange().isEmpty()
                  || holds(node, sized(needs).and(data -> data.timeColumn().isPresent())));

  private static final Criterion LOCATION =
      new Criterion(
          "location",
          (node, needs) ->
              needs.data().location().isEmpty()
                  || needs.data().location().equals(node.profile().location()));

  private static final Criterion MODEL_FORMAT =
      new Criterion(
          "model format",
          (node, needs) -> needs.format().map(node.profile().formats()::contains).orElse(true));

  /** All conditions, in the order in which they are tried. */
  static List<Criterion> all(Set<String> exclude) {
    return List.of(
        STATUS,
        new Criterion("excluded", (node, needs) -> !exclude.contains(node.nodeId())),
        REPUTATION,
        HOLDS_CABINET,
        HOLDS_DATA_TYPE,
        MIN_SAMPLES,
        TIME_RANGE,
        LOCATION,
        MODEL_FORMAT);
  }

  boolean admits(NodeRecord node, NodeRequirements needs) {
    return test.test(node, needs);
  }

  private static boolean holds(NodeRecord node, Predicate<CabinetDescriptor> wanted) {
    return node.profile().dataSets().stream().anyMatch(wanted);
  }

  private static Predicate<CabinetDescriptor> named(NodeRequirements needs) {
    Optional<String> name = needs.cabinet();
    return data -> name.isEmpty() || name.get().equals(data.name());
  }

  private static Predicate<CabinetDescriptor> fitting(NodeRequirements needs) {
    Optional<String> type = needs.data().type();
    return named(needs).and(data -> type.isEmpty() || type.get().equals(data.dataType()));
  }

  private static Predicate<CabinetDescriptor> sized(NodeRequirements needs) {
    long least = needs.data().minSamples().orElse(0L);
    return fitting(needs).and(data -> data.rows() >= least);
  }
}
