package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeSelector.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What every {@link NodeSelector} must do. Extend it, and say how to create a selector. */
public abstract class NodeSelectorContract {
  private static final int SEEDS = 20;

  private final ListedNodes nodes = new ListedNodes(manyNodes());

  /** For subclasses. */
  protected NodeSelectorContract() {}

  /** The selector. */
  protected abstract NodeSelector create();

  @Test
  void select_byAnyRequirement_choosesOnlyEligibleNodes() {
    cases()
        .forEach(
            (requirements, eligible) -> {
              List<String> ids = ids(nodes.all().stream().filter(eligible).toList());
              assertThat(ids).as("eligible for %s", requirements).hasSizeBetween(1, 119);
              for (long seed = 0; seed < SEEDS; seed++) {
                List<String> chosen =
                    ids(select(requirements.count(1, 3), Set.of(), seed).chosen());
                assertThat(ids).as("%s", requirements).containsAll(chosen);
                assertThat(chosen).doesNotHaveDuplicates().hasSize(Math.min(3, ids.size()));
              }
            });
  }

  @Test
  void select_ofAllEligible_choosesEachOnce() {
    cases()
        .forEach(
            (requirements, eligible) -> {
              List<String> ids = ids(nodes.all().stream().filter(eligible).toList());
              Selection all = select(requirements.count(1, 1000), Set.of(), 1);
              assertThat(ids(all.chosen()))
                  .as("%s", requirements)
                  .containsExactlyInAnyOrderElementsOf(ids);
            });
  }

  @Test
  void select_withTheSameSeed_choosesTheSame() {
    cases()
        .keySet()
        .forEach(
            requirements -> {
              NodeRequirements some = requirements.count(1, 4);
              assertThat(select(some, Set.of(), 42)).isEqualTo(select(some, Set.of(), 42));
            });
  }

  @Test
  void select_withExcludedNodes_choosesOthers() {
    NodeRequirements one = NodeRequirements.any().withCabinet("patients");
    String first = ids(select(one, Set.of(), 1).chosen()).get(0);
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(ids(select(one, Set.of(first), seed).chosen())).hasSize(1).doesNotContain(first);
    }
  }

  @Test
  void select_ofNamedNodes_keepsTheirOrder() {
    List<String> named = List.of("node-20", "node-4", "node-12");
    assertThat(ids(select(NodeRequirements.named(named), Set.of(), 3).chosen())).isEqualTo(named);
  }

  @Test
  void select_ofNamedNodesThatMayNotBeChosen_leavesThemOut() {
    NodeRequirements named = NodeRequirements.named(List.of("node-4", "node-1", "nobody"));
    Selection selection = select(named, Set.of(), 3);
    assertThat(ids(selection.chosen())).as("node-1 is inactive").containsExactly("node-4");
    assertThat(selection.removed().values().stream().mapToInt(n -> n).sum()).isEqualTo(2);
  }

  @Test
  void select_whenNoneIsEligible_saysWhatRemovedAll() {
    NodeRequirements impossible = NodeRequirements.any().reputationAtLeast(1.0);
    Selection selection = select(impossible, Set.of(), 1);
    assertThat(selection.chosen()).isEmpty();
    assertThat(selection.removed().values()).allMatch(count -> count > 0);
    assertThat(selection.removed().values().stream().mapToInt(n -> n).sum())
        .isEqualTo(nodes.all().size());
  }

  @Test
  void select_amongNoNodes_choosesNone() {
    Selection selection =
        create()
            .select(
                NodeRequirements.any(),
                new ListedNodes(List.of()),
                Set.of(),
                new SplittableRandom(1));
    assertThat(selection.chosen()).isEmpty();
  }

  private Selection select(NodeRequirements requirements, Set<String> exclude, long seed) {
    return create().select(requirements, nodes, exclude, new SplittableRandom(seed));
  }

  private static List<String> ids(List<NodeRecord> records) {
    return records.stream().map(NodeRecord::nodeId).toList();
  }

  /** Of every four nodes the first takes work; the other properties go round independently. */
  private static List<NodeRecord> manyNodes() {
    List<NodeRecord> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      FakeProfile profile =
          FakeProfile.of("node-" + i)
              .location(i % 3 == 0 ? "north" : "south")
              .formats(i % 5 == 0 ? "pytorch" : "onnx")
              .dataSet(i % 7 < 4 ? "patients" : "scans", i % 7 < 4 ? "medical" : "images", 10L * i);
      double reputation = 0.5 + (i * 37 % 100) / 250.0;
      all.add(ListedNodes.node(profile.build(), NodeStatus.values()[i % 4], reputation));
    }
    return all;
  }

  private static Map<NodeRequirements, Predicate<NodeRecord>> cases() {
    Map<NodeRequirements, Predicate<NodeRecord>> cases = new LinkedHashMap<>();
    NodeRequirements any = NodeRequirements.any();
    cases.put(any, node -> true);
    cases.put(any.withCabinet("scans"), node -> node.profile().dataSet("scans").isPresent());
    cases.put(any.reputationAtLeast(0.8), node -> node.reputation() >= 0.8);
    cases.put(any.forModel("m", "pytorch"), node -> node.profile().formats().contains("pytorch"));
    cases.put(
        any.withData(data(Optional.of("medical"), 0, Optional.empty())),
        node -> node.profile().dataSet("patients").isPresent());
    cases.put(
        any.withData(data(Optional.of("images"), 700, Optional.empty())),
        node -> node.profile().dataSet("scans").filter(d -> d.rows() >= 700).isPresent());
    cases.put(
        any.withData(data(Optional.empty(), 0, Optional.of("north"))),
        node -> node.profile().location().equals(Optional.of("north")));
    cases.replaceAll((requirements, test) -> test.and(node -> node.status() == NodeStatus.ACTIVE));
    return cases;
  }

  private static DataRequirements data(
      Optional<String> type, long minSamples, Optional<String> location) {
    return new DataRequirements(
        type, Optional.of(minSamples), Optional.empty(), location, Optional.empty());
  }
}
