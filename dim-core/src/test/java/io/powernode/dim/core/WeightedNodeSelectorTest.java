package io.powernode.dim.core;

import static io.powernode.dim.core.Nodes.cabinet;
import static io.powernode.dim.core.Nodes.load;
import static io.powernode.dim.core.Nodes.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeNeed;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeSelector.Selection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedNodeSelectorTest {
  private static final NodeRequirements ANY = NodeRequirements.any();
  private static final TimeRange YEAR = TimeRange.parse("2024-01-01/2024-12-31");

  private final NodeRegistry nodes = new NodeRegistry(new ManualEnvironment());
  private final NodeSelector selector = new WeightedNodeSelector();
  private final Random random = new Random(7);

  /** Requirements that only the node "fit" meets, and the filter that removes the other one. */
  static Stream<Arguments> filters() {
    return Stream.of(
        Arguments.of("reputation", ANY.reputationAtLeast(0.9)),
        Arguments.of("cabinet", ANY.withCabinet("patients")),
        Arguments.of("data type", ANY.withData(NodeNeed.any().dataType("medical").data())),
        Arguments.of("min samples", ANY.withData(NodeNeed.any().minSamples(100).data())),
        Arguments.of("time range", ANY.withData(NodeNeed.any().timeRange(YEAR).data())),
        Arguments.of("location", ANY.withData(NodeNeed.any().location("Basel").data())),
        Arguments.of("model format", ANY.forModel("risk", "onnx")),
        Arguments.of("action", ANY.forAction("book")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void filter_ofNodeThatFailsIt_removesAndCountsIt(String filter, NodeRequirements needs) {
    joinFitAndUnfit();

    Selection selection = select(needs.count(2, 2));

    assertThat(ids(selection)).containsExactly("fit");
    assertThat(selection.removed()).containsExactly(Map.entry(filter, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void filter_ofNamedNodeThatFailsIt_removesAndCountsIt(String filter, NodeRequirements needs) {
    joinFitAndUnfit();

    Selection selection = select(needs.withNodes(List.of("unfit", "fit")).count(2, 2));

    assertThat(ids(selection)).containsExactly("fit");
    assertThat(selection.removed()).containsExactly(Map.entry(filter, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lost", "maintenance"})
  void node_thatTakesNoWork_isRemovedByStatus(String why) {
    join("north");
    join("river");
    if (why.equals("lost")) {
      nodes.lost("river");
    } else {
      nodes.maintenance("river", true);
    }

    Selection selection = select(ANY.count(2, 2));

    assertThat(ids(selection)).containsExactly("north");
    assertThat(selection.removed()).containsExactly(Map.entry("status", 1));
  }

  @Test
  void node_thatIsExcluded_isRemoved() {
    join("north");
    join("river");

    Selection selection = selector.select(ANY.count(2, 2), nodes, Set.of("river"), random);

    assertThat(ids(selection)).containsExactly("north");
    assertThat(selection.removed()).containsExactly(Map.entry("excluded", 1));
  }

  @Test
  void dataRequirements_thatOnlyDifferentCabinetsMeet_areNotMet() {
    nodes.joined(
        profile(
            "north",
            cabinet("patients", "medical", 10),
            cabinet("stock", "logistics", 1000, Optional.of("day"))),
        NodeLoad.idle());
    NodeNeed need = NodeNeed.any().dataType("medical");

    assertThat(select(ANY.withData(need.minSamples(100).data())).removed())
        .containsExactly(Map.entry("min samples", 1));
    assertThat(select(ANY.withData(need.timeRange(YEAR).data())).removed())
        .containsExactly(Map.entry("time range", 1));
    assertThat(select(ANY.withCabinet("stock").withData(need.data())).removed())
        .containsExactly(Map.entry("data type", 1));
  }

  @Test
  void nodes_withSeveralCabinetsThatTheJobMayMean_areNotChosen() {
    nodes.joined(
        profile("north", cabinet("patients", "medical", 10), cabinet("scans", "medical", 200)),
        NodeLoad.idle());
    NodeNeed need = NodeNeed.any().minSamples(100);

    assertThat(select(ANY.withData(need.data())).removed())
        .containsExactly(Map.entry("ambiguous cabinet", 1));
    assertThat(select(ANY.withData(need.dataType("medical").data())).removed())
        .containsExactly(Map.entry("ambiguous cabinet", 1));
    assertThat(ids(select(ANY.withCabinet("scans").withData(need.data()))))
        .containsExactly("north");
    assertThat(ids(select(ANY))).containsExactly("north");
  }

  @Test
  void namedNodes_thatAreEligible_keepTheirOrder() {
    List<String> named = List.of("c", "a", "d", "b");
    named.forEach(this::join);
    nodes.heartbeat("b", load(0, "risk"));

    NodeRequirements needs = NodeRequirements.named(named).forModel("risk", "onnx");

    assertThat(ids(select(needs))).isEqualTo(named);
    assertThat(ids(select(needs.count(1, 2)))).containsExactly("c", "a");
  }

  @Test
  void select_withWarmNodes_putsThemFirst() {
    IntStream.range(0, 50).forEach(i -> join("cold-" + i));
    nodes.joined(profile("busy"), load(100, "risk"));
    nodes.joined(profile("doubtful"), load(0, "risk"));
    IntStream.range(0, 200).forEach(i -> nodes.observe("doubtful", false));

    List<String> chosen = ids(select(ANY.forModel("risk", "onnx").count(1, 5)));

    assertThat(chosen).hasSize(5).doesNotHaveDuplicates();
    assertThat(chosen.subList(0, 2)).containsExactlyInAnyOrder("busy", "doubtful");
  }

  @Test
  void warmNode_thatIsNotEligible_isCountedOnce() {
    nodes.joined(profile("warm"), load(0, "risk"));
    nodes.lost("warm");
    join("cold");

    Selection selection = select(ANY.forModel("risk", "onnx").count(2, 2));

    assertThat(ids(selection)).containsExactly("cold");
    assertThat(selection.removed()).containsExactly(Map.entry("status", 1));
  }

  @Test
  void choice_amongUnlikeNodes_followsReputationAndLoad() {
    nodes.joined(profile("idle"), load(0));
    nodes.joined(profile("busy"), load(2));
    nodes.joined(profile("doubtful"), load(0));
    while (nodes.get("doubtful").orElseThrow().reputation() > 0.45) {
      nodes.observe("doubtful", false);
    }
    double doubtful = nodes.get("doubtful").orElseThrow().reputation();
    double all = 0.9 + 0.9 / 3 + doubtful;
    int draws = 20_000;
    Map<String, Integer> chosen = new HashMap<>();

    for (int i = 0; i < draws; i++) {
      chosen.merge(ids(select(ANY)).get(0), 1, Integer::sum);
    }

    // Three standard errors of a frequency at 20,000 draws are below 0.011.
    assertThat(chosen.get("idle") / (double) draws).isCloseTo(0.9 / all, within(0.011));
    assertThat(chosen.get("busy") / (double) draws).isCloseTo(0.3 / all, within(0.011));
    assertThat(chosen.get("doubtful") / (double) draws).isCloseTo(doubtful / all, within(0.011));
  }

  @Test
  void select_ofTwo_weighsTheSecondAmongTheRest() {
    nodes.joined(profile("a"), load(0));
    nodes.joined(profile("b"), load(1));
    nodes.joined(profile("c"), load(3));
    int draws = 20_000;
    int second = 0;

    for (int i = 0; i < draws; i++) {
      second += ids(select(ANY.count(2, 2))).get(1).equals("a") ? 1 : 0;
    }

    // Weights 4, 2, 1: P(b first) P(a | b) + P(c first) P(a | c).
    double expected = 2.0 / 7 * 4 / 5 + 1.0 / 7 * 4 / 6;
    assertThat(second / (double) draws).isCloseTo(expected, within(0.011));
  }

  @Test
  void choice_withTheSameSeed_isTheSame() {
    IntStream.range(0, 1000).forEach(i -> join("node-" + i));

    List<List<String>> choices =
        Stream.of(5, 5, 6)
            .map(seed -> ids(selector.select(ANY.count(3, 3), nodes, Set.of(), new Random(seed))))
            .toList();

    assertThat(choices.get(0)).isEqualTo(choices.get(1)).isNotEqualTo(choices.get(2));
  }

  @Test
  void maxNodes_belowTheCount_limitsTheChoice() {
    IntStream.range(0, 9).forEach(i -> join("node-" + i));
    DataRequirements atMostTwo = NodeNeed.any().atMost(2).data();

    assertThat(select(ANY.withData(atMostTwo).count(1, 5)).chosen()).hasSize(2);

    Selection tooFew = select(ANY.withData(atMostTwo).count(3, 5));
    assertThat(tooFew.chosen()).hasSize(2);
    assertThat(tooFew.removed()).containsExactly(Map.entry("max nodes", 7));
  }

  @Test
  void lyingNode_withNegativeLoad_isNoBetterThanAnIdleOne() {
    nodes.joined(profile("honest"), load(0));
    nodes.joined(profile("liar"), load(-1));
    int draws = 2_000;
    int liar = 0;

    for (int i = 0; i < draws; i++) {
      liar += ids(select(ANY)).get(0).equals("liar") ? 1 : 0;
    }

    assertThat(liar / (double) draws).isCloseTo(0.5, within(0.05));
  }

  @Test
  void refusal_ofASelection_saysWhichFilterRemovedHowMany() {
    List.of("a", "b", "c", "d", "e").forEach(this::join);
    List.of("a", "b", "c").forEach(nodes::lost);
    nodes.observe("d", false);
    NodeRequirements needs = ANY.reputationAtLeast(0.9).count(2, 3);

    DimException refusal = WeightedNodeSelector.refusal(needs, select(needs));

    assertThat(refusal.code()).isEqualTo(ErrorCode.NO_ELIGIBLE_NODE);
    assertThat(refusal.retryable()).isTrue();
    assertThat(refusal)
        .hasMessage(
            "no eligible node: needs 2, 1 left of 5; status removed 3, reputation removed 1");
  }

  @Test
  void refusal_whenTheIndexNarrowed_countsTheNodesOutsideToo() {
    List.of("a", "b", "c").forEach(this::join);
    NodeRequirements needs = ANY.withCabinet("patients");

    assertThat(WeightedNodeSelector.refusal(needs, select(needs)))
        .hasMessage("no eligible node: needs 1, 0 left of 3; cabinet removed 3");
  }

  @Test
  void refusal_withoutNodes_saysSo() {
    assertThat(WeightedNodeSelector.refusal(ANY, select(ANY)))
        .hasMessage("no eligible node: needs 1, none is registered");
  }

  @Test
  void refusal_ofUnknownNamedNode_namesIt() {
    join("north");
    NodeRequirements needs = NodeRequirements.named(List.of("north", "river"));

    DimException refusal = WeightedNodeSelector.refusal(needs, select(needs));

    assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_NODE);
    assertThat(refusal.retryable()).isFalse();
    assertThat(refusal.subject()).containsExactly(Map.entry("node", "river"));
    assertThat(refusal)
        .hasMessage("no eligible node: needs 2, 1 left of 2; unknown removed 1; missing river");
  }

  @Test
  void refusal_ofManyNamedNodes_namesTheFirst() {
    List<String> named = IntStream.range(0, 8).mapToObj(i -> "n" + i).toList();
    named.forEach(this::join);
    named.forEach(nodes::lost);
    NodeRequirements needs = NodeRequirements.named(named);

    assertThat(WeightedNodeSelector.refusal(needs, select(needs)))
        .hasMessage(
            "no eligible node: needs 8, 0 left of 8; status removed 8;"
                + " missing n0, n1, n2, n3, n4 and 3 more");
  }

  /** The node "fit" meets everything that {@link #filters} ask for; "unfit" meets nothing. */
  private void joinFitAndUnfit() {
    nodes.joined(
        profile(
            "fit",
            Optional.of("Basel"),
            Set.of("onnx"),
            Set.of("book"),
            cabinet("patients", "medical", 100, Optional.of("day"))),
        NodeLoad.idle());
    nodes.joined(
        profile(
            "unfit",
            Optional.empty(),
            Set.of("torchscript"),
            Set.of(),
            cabinet("stock", "logistics", 99)),
        NodeLoad.idle());
    nodes.observe("unfit", false);
  }

  private void join(String id) {
    nodes.joined(profile(id), NodeLoad.idle());
  }

  private Selection select(NodeRequirements needs) {
    return selector.select(needs, nodes, Set.of(), random);
  }

  private static List<String> ids(Selection selection) {
    return selection.chosen().stream().map(NodeRecord::nodeId).toList();
  }
}
