package io.powernode.dim.core;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.spi.NodeRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One condition that a node must meet to be chosen.
 *
 * @param name what a refusal calls it
 * @param test whether a node meets it
 */
record Criterion(String name, Predicate<NodeRecord> test) {
  static final String CABINET = "cabinet";
  static final String DATA_TYPE = "data type";

  /** The conditions that the requirements make, in the order in which they are tried. */
  static List<Criterion> of(NodeRequirements needs, Set<String> exclude) {
    List<Criterion> criteria = new ArrayList<>();
    criteria.add(new Criterion("status", node -> node.status() == NodeStatus.ACTIVE));
    if (!exclude.isEmpty()) {
      criteria.add(new Criterion("excluded", node -> !exclude.contains(node.nodeId())));
    }
    double least = needs.reputationMin();
    criteria.add(new Criterion("reputation", node -> node.reputation() >= least));
    addData(criteria, needs);
    needs
        .data()
        .location()
        .ifPresent(
            place ->
                criteria.add(
                    new Criterion(
                        "location",
                        node -> node.profile().location().filter(place::equals).isPresent())));
    needs
        .model()
        .ifPresent(
            model ->
                criteria.add(
                    new Criterion(
                        "model format",
                        node -> node.profile().formats().contains(model.format()))));
    needs
        .action()
        .ifPresent(
            action ->
                criteria.add(
                    new Criterion("action", node -> node.profile().actions().contains(action))));
    return criteria;
  }

  boolean admits(NodeRecord node) {
    return test.test(node);
  }

  /**
   * One and the same cabinet must meet all that is asked of the data, so each condition adds to the
   * last. A node can tell which one is meant by name or kind only, so it must hold no second one.
   */
  private static void addData(List<Criterion> criteria, NodeRequirements needs) {
    DataRequirements data = needs.data();
    Predicate<CabinetDescriptor> fits = cabinet -> true;
    if (needs.cabinet().isPresent()) {
      String name = needs.cabinet().get();
      fits = cabinet -> name.equals(cabinet.name());
      criteria.add(holding(CABINET, fits));
    }
    if (data.type().isPresent()) {
      String type = data.type().get();
      fits = fits.and(cabinet -> type.equals(cabinet.dataType()));
      criteria.add(holding(DATA_TYPE, fits));
    }
    boolean reads =
        data.type().isPresent() || data.minSamples().isPresent() || data.timeRange().isPresent();
    if (needs.cabinet().isEmpty() && reads) {
      Predicate<CabinetDescriptor> meant = fits;
      criteria.add(new Criterion("ambiguous cabinet", node -> count(node, meant) <= 1));
    }
    if (data.minSamples().isPresent()) {
      long rows = data.minSamples().get();
      fits = fits.and(cabinet -> cabinet.rows() >= rows);
      criteria.add(holding("min samples", fits));
    }
    if (data.timeRange().isPresent()) {
      fits = fits.and(cabinet -> cabinet.timeColumn().isPresent());
      criteria.add(holding("time range", fits));
    }
  }

  private static Criterion holding(String name, Predicate<CabinetDescriptor> wanted) {
    return new Criterion(name, node -> count(node, wanted) > 0);
  }

  private static int count(NodeRecord node, Predicate<CabinetDescriptor> wanted) {
    int count = 0;
    for (CabinetDescriptor cabinet : node.profile().dataSets()) {
      count += wanted.test(cabinet) ? 1 : 0;
    }
    return count;
  }
}
