package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.PatternContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whom a collaborative job asks.
 *
 * @param asked ids in canonical order
 * @param refused why a node that was named or chosen is not asked, by id
 * @param reputations of the chosen nodes, by id
 */
record AskedNodes(
    List<String> asked, SortedMap<String, String> refused, Map<String, Double> reputations) {

  /**
   * Chooses.
   *
   * @param minimum the fewest contributions that the aggregation can work with
   */
  static AskedNodes choose(
      CollaborativeSpec spec, ModelDescriptor model, int minimum, PatternContext context) {
    NodeSet chosen = context.nodes("nodes", requirements(spec, model, minimum));
    SortedMap<String, String> refused = new TreeMap<>();
    for (String named : spec.nodes()) {
      if (!chosen.nodes().contains(named)) {
        refused.put(named, "it was not eligible");
      }
    }
    TreeSet<String> asked = new TreeSet<>(chosen.nodes());
    for (String node : withoutLabel(spec, context, asked)) {
      asked.remove(node);
      refused.put(node, "its data has another label column");
    }
    return new AskedNodes(List.copyOf(asked), refused, chosen.reputations());
  }

  /** How many nodes the job has, asked or not. */
  int count() {
    return asked.size() + refused.size();
  }

  private static NodeRequirements requirements(
      CollaborativeSpec spec, ModelDescriptor model, int minimum) {
    NodeRequirements requirements =
        NodeRequirements.any()
            .forModel(model.id(), model.artifact().format())
            .withData(spec.dataRequirements())
            .withNodes(spec.nodes())
            .reputationAtLeast(spec.reputationMin().orElse(0.0));
    if (spec.cabinet().isPresent()) {
      requirements = requirements.withCabinet(spec.cabinet().get());
    }
    int named = spec.nodes().size();
    if (named > 0) {
      // A named node that cannot take part is one that does not contribute: the quorum decides.
      return requirements.count(spec.quorum().min().orElse(named), named);
    }
    int most = spec.dataRequirements().maxNodes().orElse(CollaborativeEngine.DEFAULT_NODES);
    int least = Math.max(minimum, spec.quorum().min().orElse(2));
    return requirements.count(Math.max(2, least), most);
  }

  /** Recorded, because what nodes say of their cabinets may change. */
  private static List<String> withoutLabel(
      CollaborativeSpec spec, PatternContext context, Set<String> nodes) {
    return CollaborativeChecks.wantedLabel(spec)
        .map(
            label ->
                context.record(
                    "without-label",
                    String.class,
                    () -> withoutLabel(label, spec, context.catalog(), nodes)))
        .map(ids -> Arrays.stream(ids.split(",")).filter(id -> !id.isEmpty()).toList())
        .orElse(List.of());
  }

  private static String withoutLabel(
      String label, CollaborativeSpec spec, Catalog catalog, Set<String> nodes) {
    return nodes.stream()
        .filter(id -> catalog.node(id).filter(n -> LabelColumn.mayBe(label, n, spec)).isEmpty())
        .collect(Collectors.joining(","));
  }
}
