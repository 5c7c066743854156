package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeDirectory;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Chooses nodes that meet the requirements: those that hold the model warm first, and among equals
 * at random, in proportion to their weights {@code max(reputation, 0.01) / (1 + tasks running and
 * waiting for each slot)}. That is weighted sampling without replacement (P. S. Efraimidis and P.
 * G. Spirakis, "Weighted random sampling with a reservoir", 2006).
 *
 * <p>Nodes that the requirements name are all looked at and chosen in the order of naming. Else the
 * search is narrowed by the directory's index of cabinets, or of data types. Of many nodes only a
 * random sample is looked at, of 256 eligible ones or 16 for each node to choose, or what it finds
 * with a bounded effort; all are looked at if that is too little. A sample counts no node as
 * removed, so a refusal counts each node once.
 *
 * <p>Thread-safe.
 */
public final class WeightedNodeSelector implements NodeSelector {
  private static final long CANDIDATES = 16;
  private static final int LEAST_CANDIDATES = 256;
  private static final double LEAST_REPUTATION = 0.01;
  private static final int MISSING_SHOWN = 5;
  private static final String UNKNOWN = "unknown";
  private static final String MAX_NODES = "max nodes";

  /** A selector; all are alike. */
  public WeightedNodeSelector() {}

  @Override
  public Selection select(
      NodeRequirements requirements,
      NodeDirectory nodes,
      Set<String> exclude,
      RandomGenerator random) {
    CandidateSearch search = new CandidateSearch(Criterion.of(requirements, exclude));
    if (requirements.nodes().isEmpty()) {
      search(requirements, nodes, search, random);
      return selection(best(search.found(), requirements, random), search, requirements);
    }
    for (String id : requirements.nodes()) {
      nodes.get(id).ifPresentOrElse(search::look, () -> search.removedBeside(UNKNOWN, 1));
    }
    return selection(search.found(), search, requirements);
  }

  /**
   * Why a selection with fewer nodes than required is a refusal: {@link ErrorCode#UNKNOWN_NODE} if
   * a named node is not registered, else {@link ErrorCode#NO_ELIGIBLE_NODE}. The message says how
   * many nodes each filter removed.
   */
  static DimException refusal(NodeRequirements requirements, Selection selection) {
    Map<String, Integer> removed = selection.removed();
    int left = selection.chosen().size();
    int all = left + removed.values().stream().mapToInt(Integer::intValue).sum();
    List<String> why = new ArrayList<>();
    removed.forEach((filter, count) -> why.add(filter + " removed " + count));
    Set<String> missing = new LinkedHashSet<>(requirements.nodes());
    selection.chosen().forEach(node -> missing.remove(node.nodeId()));
    String message =
        "no eligible node: needs "
            + requirements.count().atLeast()
            + (all == 0 ? ", none is registered" : ", " + left + " left of " + all)
            + (why.isEmpty() ? "" : "; " + String.join(", ", why))
            + (missing.isEmpty() ? "" : "; missing " + firstOf(missing));
    ErrorInfo info =
        ErrorInfo.of(
            removed.containsKey(UNKNOWN) ? ErrorCode.UNKNOWN_NODE : ErrorCode.NO_ELIGIBLE_NODE,
            message);
    return new DimException(
        missing.size() == 1 ? info.about("node", missing.iterator().next()) : info);
  }

  private static void search(
      NodeRequirements requirements,
      NodeDirectory nodes,
      CandidateSearch search,
      RandomGenerator random) {
    long most = most(requirements);
    long enough = Math.max(LEAST_CANDIDATES, CANDIDATES * most);
    requirements
        .model()
        .ifPresent(model -> search.sample(nodes.withWarmModel(model.id()), enough, random));
    if (search.size() >= most) {
      return;
    }
    List<NodeRecord> narrowed = narrowed(requirements, nodes, search);
    if (narrowed.size() > enough) {
      search.sample(narrowed, enough, random);
      if (search.size() >= most) {
        return;
      }
    }
    search.lookAtAll(narrowed);
  }

  private static List<NodeRecord> narrowed(
      NodeRequirements requirements, NodeDirectory nodes, CandidateSearch search) {
    Optional<String> cabinet = requirements.cabinet();
    Optional<String> dataType = requirements.data().type();
    List<NodeRecord> all = nodes.all();
    if (cabinet.isEmpty() && dataType.isEmpty()) {
      return all;
    }
    List<NodeRecord> narrowed =
        cabinet.isPresent()
            ? nodes.holding(cabinet.get())
            : nodes.withDataType(dataType.orElseThrow());
    search.removedBeside(
        cabinet.isPresent() ? Criterion.CABINET : Criterion.DATA_TYPE,
        all.size() - narrowed.size());
    return narrowed;
  }

  /**
   * The selection.
   *
   * @param chosen as many of the candidates as are wanted, or more, in the order of preference
   */
  private static Selection selection(
      List<NodeRecord> chosen, CandidateSearch search, NodeRequirements requirements) {
    int most = (int) Math.min(chosen.size(), most(requirements));
    if (most(requirements) < requirements.count().atLeast()) {
      search.removedBeside(MAX_NODES, search.size() - most);
    }
    return new Selection(chosen.subList(0, most), search.removed());
  }

  private static long most(NodeRequirements requirements) {
    int atMost = requirements.count().atMost();
    return Math.min(atMost, requirements.data().maxNodes().orElse(atMost));
  }

  /**
   * As many as are wanted, in order: warm ones first; then by the keys {@code ln(u) / weight}, u
   * uniform in (0, 1]. Only the best so far are kept, the worst of them at hand.
   */
  private static List<NodeRecord> best(
      List<NodeRecord> candidates, NodeRequirements requirements, RandomGenerator random) {
    if (candidates.size() <= 1) {
      return candidates;
    }
    RandomGenerator seeded = new SplittableRandom(random.nextLong());
    long most = most(requirements);
    PriorityQueue<Ranked> best = new PriorityQueue<>();
    for (NodeRecord node : candidates) {
      Ranked ranked = new Ranked(node, isWarm(node, requirements), key(node, seeded));
      if (best.size() < most) {
        best.add(ranked);
      } else if (most > 0 && ranked.compareTo(best.element()) > 0) {
        best.remove();
        best.add(ranked);
      }
    }
    NodeRecord[] ordered = new NodeRecord[best.size()];
    for (int i = ordered.length - 1; i >= 0; i--) {
      ordered[i] = best.remove().node();
    }
    return List.of(ordered);
  }

  private static boolean isWarm(NodeRecord node, NodeRequirements requirements) {
    return requirements.model().map(m -> node.load().warmModels().contains(m.id())).orElse(false);
  }

  private static double key(NodeRecord node, RandomGenerator random) {
    double pressure = Math.max(0, node.load().pressure());
    double weight = Math.max(LEAST_REPUTATION, node.reputation()) / (1 + pressure);
    return Math.log(1 - random.nextDouble()) / weight;
  }

  private static String firstOf(Set<String> ids) {
    String shown = ids.stream().limit(MISSING_SHOWN).collect(Collectors.joining(", "));
    return ids.size() <= MISSING_SHOWN
        ? shown
        : shown + " and " + (ids.size() - MISSING_SHOWN) + " more";
  }

  private record Ranked(NodeRecord node, boolean warm, double key) implements Comparable<Ranked> {
    @Override
    public int compareTo(Ranked other) {
      return warm == other.warm
          ? Double.compare(key, other.key)
          : Boolean.compare(warm, other.warm);
    }
  }
}
