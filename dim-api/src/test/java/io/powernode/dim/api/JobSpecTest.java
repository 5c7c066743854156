package io.powernode.dim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a job says against itself, pattern by pattern. */
class JobSpecTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void job_withAMistake_namesItAlone(String paths, Supplier<JobSpec> job) {
    InvalidJobException refusal = catchThrowableOfType(InvalidJobException.class, job::get);

    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.violations()).extracting(Violation::path).containsExactly(paths.split(";"));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        of("maxCost", () -> any().maxCost(0).build()),
        of("config.timeout", () -> any().timeout(Duration.ZERO).build()),
        of("config.timeout", () -> any().timeout(Duration.ofSeconds(-1)).build()),
        of("config.timeout", () -> any().timeout(Duration.ofDays(31)).build()),
        of("idempotencyKey", () -> any().idempotencyKey("").build()),
        of("idempotencyKey", () -> any().idempotencyKey("k".repeat(257)).build()),
        of("purpose", () -> any().purpose("a b").build()),
        of("inputData", () -> any().input("", Tensor.scalar(1)).build()),
        of("config.modelId", () -> JobSpec.collaborative("").build()),
        of("config.nodes", () -> any().nodes("a").build()),
        of("config.nodes", () -> any().nodes("a", "a").build()),
        of("config.nodes[1]", () -> any().nodes("a", "/").build()),
        of("config.cabinet", () -> any().cabinet("../x").build()),
        of("config.normClip", () -> any().normClip(0).build()),
        of("config.normClip", () -> any().normClip(Double.POSITIVE_INFINITY).build()),
        of("config.reputationMin", () -> any().nodes(n -> n.reputationAtLeast(1.1)).build()),
        of("config.reputationMin", () -> any().nodes(n -> n.reputationAtLeast(Double.NaN)).build()),
        of("config.dataRequirements.minSamples", () -> any().nodes(n -> n.minSamples(-1)).build()),
        of("config.dataRequirements.maxNodes", () -> any().nodes(n -> n.atMost(0)).build()),
        of(
            "config.dataRequirements.timeRange",
            () -> any().nodes(n -> n.timeRange(TimeRange.parse("2024-01-02/2024-01-01"))).build()),
        of("config.quorum.min", () -> any().quorum(Quorum.atLeast(0)).build()),
        of("config.quorum.min", () -> any().nodes("a", "b").quorum(Quorum.atLeast(3)).build()),
        of(
            "config.quorum.graceSeconds",
            () -> any().quorum(new Quorum(Optional.empty(), Double.NaN)).build()),
        of(
            "config.quorum.graceSeconds",
            () -> any().quorum(Quorum.all().grace(Duration.ofSeconds(1))).build()),
        of("config.rounds.max", () -> any().rounds(Rounds.fedAvg(0)).build()),
        of("config.rounds.max", () -> any().rounds(Rounds.newton(1_001)).build()),
        of("config.rounds.optimizer", () -> any().rounds(Rounds.of("", 2)).build()),
        of("config.rounds.tolerance", () -> any().rounds(Rounds.fedAvg(2).tolerance(0)).build()),
        of(
            "config.rounds.tolerance",
            () -> any().rounds(Rounds.fedAvg(2).tolerance(Double.NaN)).build()),
        of("config.rounds.updates.w", () -> update(Optional.empty(), Optional.empty())),
        of("config.rounds.updates.w", () -> update(Optional.of("a"), Optional.of("b"))),
        of(
            "config.rounds.updates.w.hessian",
            () -> rounds("w", Rounds.Update.value("a").hessian("b"))),
        of("config.rounds.updates", () -> rounds("w", Rounds.Update.gradient("a").hessian("a"))),
        of("config.weights.a", () -> any().weight("a", 0).build()),
        of("config.weights.a", () -> any().weight("a", Double.POSITIVE_INFINITY).build()),
        of("config.weights", () -> any().nodes("a", "b").weight("c", 1).build()),
        of("config.modelIds", () -> JobSpec.comparative("a").build()),
        of("config.modelIds", () -> JobSpec.comparative("a", "a").build()),
        of("config.modelIds[1]", () -> JobSpec.comparative("a", " ").build()),
        of("config.nodeId", () -> two().cabinet("c").build()),
        of("config.nodes", () -> two().node("a").nodes("b").build()),
        of("config.dataSource", () -> two().node("a").cabinet("/c").build()),
        of(
            "config.consensus.minAgreement",
            () -> two().consensus(Consensus.majorityVote().minAgreement(1.5)).build()),
        of(
            "config.consensus.labels",
            () -> two().consensus(Consensus.majorityVote().labels("a")).build()),
        of(
            "config.consensus.reviewTimeout",
            () ->
                two()
                    .consensus(
                        Consensus.expertReview().review(Duration.ZERO, ReviewTimeoutRule.FAIL))
                    .build()),
        of(
            "config.consensus.weights",
            () -> two().consensus(Consensus.weightedVote().weights(Map.of("z", 1.0))).build()),
        of(
            "config.consensus.weights.a",
            () -> two().consensus(Consensus.weightedVote().weights(Map.of("a", -1.0))).build()),
        of("config.pipeline", () -> JobSpec.chained().step("a", "m").build()),
        of("config.pipeline[1].name", () -> one().step(" ", "m").build()),
        of("config.pipeline[1].modelId", () -> one().step("b", "a/b").build()),
        of("config.pipeline[1].when", () -> step(s -> s.when(" "))),
        of("config.pipeline[1].when", () -> step(s -> s.when("x".repeat(1_001)))),
        of("config.pipeline[1].timeout", () -> step(s -> s.timeout(Duration.ZERO))),
        of("config.pipeline[1].retries", () -> step(s -> s.retries(-1))),
        of("config.pipeline[1].fallbackModelId", () -> step(s -> s.fallback(""))),
        of("config.pipeline[1].inputSource", () -> step(s -> s.from("step_2_output"))),
        of("config.pipeline[1].inputSource", () -> step(s -> s.from("step_1_output.risk"))),
        of("config.pipeline[1].nodeId", () -> step(s -> s.from("patients"))),
        of("config.pipeline[1].inputs.x", () -> step(s -> s.input("x", "step_2_output.y"))),
        of("config.pipeline[1].inputs.x", () -> step(s -> s.input("x", "client_data"))),
        of(
            "config.pipeline[1].rollback",
            () ->
                step(
                    s ->
                        s.rollback(
                            new Rollback(Optional.of("a"), Optional.of("m"), Optional.empty())))),
        of(
            "config.errorHandling.maxRetries",
            () -> one().step("b", "m").onFailure(ErrorHandling.rollbackAndRetry(101)).build()),
        of(
            "config.errorHandling.retryFromStep",
            () ->
                one()
                    .step("b", "m")
                    .onFailure(ErrorHandling.rollbackAndRetry(1).fromStep(3))
                    .build()),
        of(
            "maxCost;config.modelId;config.quorum.min",
            () -> JobSpec.collaborative("").maxCost(-1).quorum(Quorum.atLeast(-1)).build()));
  }

  @Test
  void step_withoutASource_readsTheStepBefore() {
    ChainedSpec spec =
        (ChainedSpec)
            JobSpec.chained().step("a", "m").step("b", "m").step("c", "m").build().config();

    assertThat(spec.pipeline())
        .extracting(PipelineStep::inputSource)
        .containsExactly("client_data", "step_1_output", "step_2_output");
  }

  @Test
  void quorumBeyondTheNodes_whenNodesAreChosenLater_isNoMistake() {
    assertThat(any().quorum(Quorum.atLeast(50)).build().pattern()).isEqualTo("collaborative");
  }

  private static JobSpec rounds(String parameter, Rounds.Update update) {
    return any().rounds(Rounds.fedAvg(2).update(parameter, update)).build();
  }

  private static JobSpec update(Optional<String> value, Optional<String> gradient) {
    return rounds("w", new Rounds.Update(value, gradient, Optional.empty()));
  }

  private static Arguments of(String paths, Supplier<JobSpec> job) {
    return Arguments.of(paths, job);
  }

  private static CollaborativeJobBuilder any() {
    return JobSpec.collaborative("m");
  }

  private static ComparativeJobBuilder two() {
    return JobSpec.comparative("a", "b");
  }

  private static ChainedJobBuilder one() {
    return JobSpec.chained().step("a", "m");
  }

  private static JobSpec step(Consumer<ChainedJobBuilder.Step> details) {
    return one().step("b", "m", details).build();
  }
}
