package io.powernode.dim.core;

import static io.powernode.dim.core.Nodes.cabinet;
import static io.powernode.dim.core.Nodes.load;
import static io.powernode.dim.core.Nodes.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodeRegistryTest {
  private static final Duration ALMOST_STALE = Duration.ofSeconds(119);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualEnvironment env = new ManualEnvironment();
  private final NodeRegistry registry = new NodeRegistry(env);

  @Test
  void node_joins_isActiveWithThePriorReputation() {
    join("north");

    NodeRecord node = registry.get("north").orElseThrow();
    assertThat(node.status()).isEqualTo(NodeStatus.ACTIVE);
    assertThat(node.reputation()).isEqualTo(0.90);
    assertThat(node.registeredAt()).isEqualTo(START);
    assertThat(node.lastHeartbeat()).isEqualTo(START);
  }

  @Test
  void heartbeat_ofActiveNode_updatesLoadAndTime() {
    join("north");
    env.advance(SECOND);

    registry.heartbeat("north", load(3));

    NodeRecord node = registry.get("north").orElseThrow();
    assertThat(node.load().active()).isEqualTo(3);
    assertThat(node.lastHeartbeat()).isEqualTo(START.plusSeconds(1));
    assertThat(node.registeredAt()).isEqualTo(START);
  }

  @Test
  void heartbeat_ofUnknownNode_isIgnored() {
    registry.heartbeat("north", NodeLoad.idle());

    assertThat(registry.get("north")).isEmpty();
  }

  /** A story of one node, and the status at its end. */
  static Stream<Arguments> stories() {
    return Stream.of(
        story("silent for less than the limit", NodeStatus.ACTIVE, s -> s.wait(ALMOST_STALE)),
        story("silent for the limit", NodeStatus.STALE, s -> s.wait(ALMOST_STALE).wait(SECOND)),
        story(
            "heard in between",
            NodeStatus.ACTIVE,
            s -> s.wait(ALMOST_STALE).heartbeat().wait(ALMOST_STALE)),
        story(
            "heard when stale",
            NodeStatus.ACTIVE,
            s -> s.wait(ALMOST_STALE).wait(SECOND).heartbeat()),
        story("lost", NodeStatus.INACTIVE, Story::lost),
        story("lost and heard late", NodeStatus.INACTIVE, s -> s.lost().heartbeat()),
        story("lost and back", NodeStatus.ACTIVE, s -> s.lost().join()),
        story("lost for long", NodeStatus.INACTIVE, s -> s.lost().wait(Duration.ofHours(1))),
        story("lost when stale", NodeStatus.INACTIVE, s -> s.wait(Duration.ofHours(1)).lost()),
        story("drained", NodeStatus.MAINTENANCE, s -> s.maintenance(true)),
        story("drained, heard", NodeStatus.MAINTENANCE, s -> s.maintenance(true).heartbeat()),
        story("drained, joins again", NodeStatus.MAINTENANCE, s -> s.maintenance(true).join()),
        story(
            "drained, silent",
            NodeStatus.MAINTENANCE,
            s -> s.maintenance(true).wait(Duration.ofHours(1))),
        story("drained, lost", NodeStatus.INACTIVE, s -> s.maintenance(true).lost()),
        story(
            "drained, lost and back",
            NodeStatus.MAINTENANCE,
            s -> s.maintenance(true).lost().join()),
        story(
            "drained while lost, back",
            NodeStatus.MAINTENANCE,
            s -> s.lost().maintenance(true).join()),
        story("undrained", NodeStatus.ACTIVE, s -> s.maintenance(true).maintenance(false)),
        story(
            "undrained while lost, back",
            NodeStatus.ACTIVE,
            s -> s.maintenance(true).lost().maintenance(false).join()),
        story(
            "undrained, was silent meanwhile",
            NodeStatus.STALE,
            s -> s.maintenance(true).wait(Duration.ofHours(1)).maintenance(false)),
        story(
            "undrained, silent, heard",
            NodeStatus.ACTIVE,
            s -> s.maintenance(true).wait(Duration.ofHours(1)).maintenance(false).heartbeat()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void status_afterStory_isAsExpected(String name, NodeStatus expected, Consumer<Story> story) {
    join("north");

    story.accept(new Story(registry, env));

    assertThat(registry.get("north").orElseThrow().status()).isEqualTo(expected);
    assertThat(registry.all()).extracting(NodeRecord::status).containsExactly(expected);
  }

  @Test
  void registry_withoutActiveNodes_schedulesNothing() {
    join("north");
    assertThat(env.scheduled()).isEqualTo(1);

    env.advance(Duration.ofHours(1));

    assertThat(env.scheduled()).isZero();
  }

  @Test
  void registry_whenClosed_schedulesNothingMore() {
    join("north");

    registry.close();
    join("river");

    assertThat(env.scheduled()).isZero();
  }

  @Test
  void indexes_whenNodesChange_follow() {
    registry.joined(
        profile("north", cabinet("patients", "medical", 1), cabinet("scans", "medical", 1)),
        load(0, "risk"));
    registry.joined(profile("river", cabinet("patients", "medical", 1)), NodeLoad.idle());
    assertThat(ids(registry.holding("patients"))).containsExactly("north", "river");
    assertThat(ids(registry.withDataType("medical"))).containsExactly("north", "river");
    assertThat(ids(registry.withWarmModel("risk"))).containsExactly("north");

    registry.joined(profile("north", cabinet("scans", "images", 1)), load(0, "risk"));
    registry.heartbeat("north", load(0, "triage"));
    registry.heartbeat("river", load(0, "risk"));

    assertThat(ids(registry.holding("patients"))).containsExactly("river");
    assertThat(ids(registry.withDataType("images"))).containsExactly("north");
    assertThat(ids(registry.withWarmModel("risk"))).containsExactly("river");
    assertThat(ids(registry.withWarmModel("triage"))).containsExactly("north");
  }

  @ParameterizedTest
  @CsvSource({"SSSSSSSSSS, 0.9386", "F, 0.8571", "FF, 0.8163", "FS, 0.8639", "'', 0.9"})
  void reputation_afterOutcomes_movesByOnePartInTwentyOne(String outcomes, double expected) {
    join("north");

    outcomes.chars().forEach(outcome -> registry.observe("north", outcome == 'S'));

    assertThat(registry.get("north").orElseThrow().reputation())
        .isCloseTo(expected, within(0.0001));
  }

  @Test
  void reputation_afterManyOutcomesOfOneKind_staysWithinItsRange() {
    join("north");
    join("river");

    for (int i = 0; i < 10_000; i++) {
      registry.observe("north", true);
      registry.observe("river", false);
    }
    registry.observe("unknown", true);

    assertThat(registry.get("north").orElseThrow().reputation()).isBetween(0.999, 1.0);
    assertThat(registry.get("river").orElseThrow().reputation()).isBetween(0.0, 0.001);
  }

  @Test
  void reputation_whenNodeComesBack_isKept() {
    join("north");
    registry.observe("north", false);
    double before = registry.get("north").orElseThrow().reputation();

    registry.lost("north");
    env.advance(SECOND);
    join("north");

    NodeRecord node = registry.get("north").orElseThrow();
    assertThat(node.reputation()).isEqualTo(before);
    assertThat(node.registeredAt()).isEqualTo(START);
  }

  @Test
  void maintenance_ofUnknownNode_isRefused() {
    assertThatThrownBy(() -> registry.maintenance("north", true))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_NODE);
              assertThat(e.subject()).containsEntry("node", "north");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.9, staleAfter",
    "-1, 0.9, staleAfter",
    "1, 1.1, priorReputation",
    "1, NaN, priorReputation"
  })
  void settings_outOfRange_areRefusedByName(long seconds, double prior, String field) {
    assertThatThrownBy(() -> new NodeRegistry(env, Duration.ofSeconds(seconds), prior))
        .isInstanceOf(DimException.class)
        .hasMessageStartingWith(field + ": is out of range; allowed: ");
  }

  @Test
  void lists_readWhileNodesChange_areWholeAndInTheEndRight() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Void> writer =
          threads.submit(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  registry.joined(
                      profile("node-" + i, cabinet("patients", "medical", 1)), load(0, "risk"));
                  if (i % 2 == 1) {
                    join("node-" + i);
                  }
                }
                return null;
              });
      while (!writer.isDone()) {
        List<NodeRecord> holding = registry.holding("patients");
        assertThat(holding).doesNotContainNull();
        assertThat(ids(holding)).doesNotHaveDuplicates();
      }
      writer.get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(registry.all()).hasSize(2_000);
    assertThat(registry.holding("patients")).hasSize(1_000);
    assertThat(registry.withWarmModel("risk")).hasSize(1_000);
  }

  private void join(String id) {
    registry.joined(profile(id), NodeLoad.idle());
  }

  private static List<String> ids(List<NodeRecord> nodes) {
    return nodes.stream().map(NodeRecord::nodeId).toList();
  }

  private static Arguments story(String name, NodeStatus expected, Consumer<Story> story) {
    return Arguments.of(name, expected, story);
  }

  /** What happens to the node "north". */
  private record Story(NodeRegistry registry, ManualEnvironment env) {
    Story wait(Duration time) {
      env.advance(time);
      return this;
    }

    Story join() {
      registry.joined(profile("north"), NodeLoad.idle());
      return this;
    }

    Story heartbeat() {
      registry.heartbeat("north", NodeLoad.idle());
      return this;
    }

    Story lost() {
      registry.lost("north");
      return this;
    }

    Story maintenance(boolean begins) {
      registry.maintenance("north", begins);
      return this;
    }
  }
}
