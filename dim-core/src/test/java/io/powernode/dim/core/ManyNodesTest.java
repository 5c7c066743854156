package io.powernode.dim.core;

import static io.powernode.dim.core.Nodes.cabinet;
import static io.powernode.dim.core.Nodes.load;
import static io.powernode.dim.core.Nodes.profile;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeNeed;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector.Selection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A selection among 100,000 nodes looks at few of them. */
class ManyNodesTest {
  private static final int NODES = 100_000;
  private static final NodeRequirements ANY = NodeRequirements.any();
  private static final NodeRegistry REGISTRY = new NodeRegistry(new ManualEnvironment());

  private final CountingDirectory nodes = new CountingDirectory(REGISTRY);
  private final Random random = new Random(1);

  /** All hold "common" data, 20 the cabinet "rare", 30 the model "risk", 1,000 are at one place. */
  @BeforeAll
  static void joinAll() {
    CabinetDescriptor common = cabinet("common", "medical", 100);
    CabinetDescriptor rare = cabinet("rare", "genomic", 100);
    for (int i = 0; i < NODES; i++) {
      NodeLoad load = i % 3_333 == 1 ? load(0, "risk") : NodeLoad.idle();
      CabinetDescriptor[] dataSets =
          i % 5_000 == 0
              ? new CabinetDescriptor[] {common, rare}
              : new CabinetDescriptor[] {common};
      Optional<String> location = i % 100 == 7 ? Optional.of("Basel") : Optional.empty();
      REGISTRY.joined(profile("node-" + i, location, Set.of("onnx"), Set.of(), dataSets), load);
    }
  }

  static Stream<Arguments> selections() {
    return Stream.of(
        Arguments.of("anywhere", ANY.count(1, 1), 1, 256),
        Arguments.of("a hundred anywhere", ANY.count(100, 100), 100, 1_600),
        Arguments.of("a rare cabinet", ANY.withCabinet("rare").count(1, 50), 20, 20),
        Arguments.of("a common cabinet", ANY.withCabinet("common").count(3, 3), 3, 256),
        Arguments.of("a rare data type", dataType("genomic").count(1, 50), 20, 20),
        Arguments.of("a common data type", dataType("medical").count(3, 3), 3, 256),
        Arguments.of("an unknown data type", dataType("none"), 0, 0),
        Arguments.of("a warm model", ANY.forModel("risk", "onnx").count(1, 20), 20, 31),
        Arguments.of("a cold model", ANY.forModel("cold", "onnx").count(1, 20), 20, 320),
        Arguments.of(
            "all of one in a hundred",
            ANY.withData(location("Basel")).count(1, 1_000),
            1_000,
            NODES + 64_000),
        Arguments.of("one in a hundred", ANY.withData(location("Basel")).count(1, 3), 3, 1_024),
        Arguments.of("named nodes", NodeRequirements.named(List.of("node-3", "node-99999")), 2, 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("selections")
  void selection_amongManyNodes_looksAtFew(
      String name, NodeRequirements needs, int chosen, int mostVisited) {
    Selection selection = new WeightedNodeSelector().select(needs, nodes, Set.of(), random);

    assertThat(selection.chosen()).hasSize(chosen);
    assertThat(nodes.visited()).isLessThanOrEqualTo(mostVisited);
  }

  @Test
  void refusal_amongManyNodes_countsThemAll() {
    NodeRequirements needs = ANY.forModel("risk", "torchscript");

    Selection selection = new WeightedNodeSelector().select(needs, nodes, Set.of(), random);

    assertThat(WeightedNodeSelector.refusal(needs, selection))
        .hasMessage("no eligible node: needs 1, 0 left of 100000; model format removed 100000");
  }

  @Test
  void selections_amongManyNodes_areSpreadOverAll() {
    Set<String> chosen = new HashSet<>();
    int[] tenths = new int[10];

    for (int i = 0; i < 1_000; i++) {
      Selection selection = new WeightedNodeSelector().select(ANY, nodes, Set.of(), random);
      NodeRecord node = selection.chosen().get(0);
      chosen.add(node.nodeId());
      tenths[Integer.parseInt(node.nodeId().substring(5)) / (NODES / 10)]++;
    }

    assertThat(chosen).hasSizeGreaterThan(980);
    assertThat(IntStream.of(tenths)).allMatch(count -> count >= 60 && count <= 140);
  }

  private static DataRequirements location(String place) {
    return NodeNeed.any().location(place).data();
  }

  private static NodeRequirements dataType(String type) {
    return ANY.withData(NodeNeed.any().dataType(type).data());
  }
}
