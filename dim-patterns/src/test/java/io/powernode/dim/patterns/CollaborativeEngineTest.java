package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.Contribution;
import io.powernode.dim.api.Evidence.QuorumOutcome;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CollaborativeEngineTest {
  private static final CollaborativeEngine ENGINE = new CollaborativeEngine();
  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(FakeCatalog.riskModel("risk-model"))
          .node("a", 0.9)
          .node("b", 0.6)
          .node("c", 0.3);

  private static CollaborativeJobBuilder job(String... nodes) {
    return JobSpec.collaborative("risk-model").nodes(nodes).cabinet("patients");
  }

  private static CollaborativeSpec spec(CollaborativeJobBuilder job) {
    return (CollaborativeSpec) job.build().config();
  }

  private static Optional<TaskResult> answer(Task task, long samples, double... values) {
    return Optional.of(
        TaskResult.success(
            FakeContext.nodeOf(task), Map.of("risk", Tensor.ofDoubles(values)), samples, 5));
  }

  /** a: 1 row of 1, b: 2 rows of 4, c: 1 row of 7. */
  private static Optional<TaskResult> honest(Task task) {
    return switch (FakeContext.nodeOf(task)) {
      case "a" -> answer(task, 1, 1);
      case "b" -> answer(task, 2, 4);
      default -> answer(task, 1, 7);
    };
  }

  private PatternResult run(CollaborativeJobBuilder job, Map<String, Optional<TaskResult>> other) {
    return ENGINE.execute(
        spec(job),
        FakeContext.of(
            catalog, task -> other.getOrDefault(FakeContext.nodeOf(task), honest(task))));
  }

  static Stream<Arguments> methods() {
    return Stream.of(
        arguments(Aggregation.federatedAveraging(), 4.0, List.of(.25, .5, .25)),
        arguments(Aggregation.weightedAverage(), 3.0, List.of(1 / 2., 1 / 3., 1 / 6.)),
        arguments(Aggregation.median(), 4.0, List.of(1 / 3., 1 / 3., 1 / 3.)),
        arguments(Aggregation.trimmedMean(0.4), 4.0, List.of(1 / 3., 1 / 3., 1 / 3.)),
        arguments(Aggregation.multiKrum(0), 4.0, List.of(1 / 3., 1 / 3., 1 / 3.)),
        arguments(
            Aggregation.multiKrum(0).with("weighting", "samples"), 4.0, List.of(.25, .5, .25)),
        arguments(Aggregation.bulyan(0), 4.0, List.of(1 / 3., 1 / 3., 1 / 3.)),
        arguments(
            Aggregation.weightedAverage().with("weighting", "none"),
            4.0,
            List.of(1 / 3., 1 / 3., 1 / 3.)));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void execute_withEachMethod_aggregatesAndTellsWhoContributed(
      Aggregation method, double expected, List<Double> shares) {
    Completed done = (Completed) run(job("c", "a", "b").aggregate(method), Map.of());
    assertThat(done.output().tensors().get("risk").toDoubles())
        .containsExactly(new double[] {expected}, within(1e-12));
    assertThat(done.output().samples()).contains(4L);
    assertThat(done.evidence().method()).isEqualTo(method.method());
    assertThat(done.evidence().reduction()).contains("mean");
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
    List<Contribution> contributions = done.evidence().contributions();
    assertThat(contributions).extracting(Contribution::nodeId).containsExactly("a", "b", "c");
    for (int i = 0; i < 3; i++) {
      assertThat(contributions.get(i).weight()).isCloseTo(shares.get(i), within(1e-12));
      assertThat(contributions.get(i).accepted()).isTrue();
      assertThat(contributions.get(i).distance().orElseThrow())
          .isCloseTo(Math.abs(1 + 3 * i - expected), within(1e-12));
    }
    assertThat(done.trace()).isEmpty();
  }

  @Test
  void execute_givenWeights_replaceReputation() {
    Completed done =
        (Completed)
            run(
                job("a", "b", "c")
                    .aggregate(Aggregation.weightedAverage())
                    .weight("a", 0.1)
                    .weight("b", 0.1),
                Map.of());
    assertThat(done.output().tensors().get("risk").toDoubles())
        .containsExactly(new double[] {(0.1 + 0.4 + 2.1) / 0.5}, within(1e-12));
  }

  @Test
  void execute_withAMethodThatSelects_tellsWhomItDidNot() {
    Completed done =
        (Completed)
            run(job("a", "b", "c").aggregate(Aggregation.krum(1)), Map.of("b", success(2, 1.5)));
    assertThat(done.output().tensors().get("risk").toDoubles()).containsExactly(1);
    assertThat(done.output().samples()).contains(1L);
    assertThat(done.evidence().contributions())
        .containsExactly(
            new Contribution("a", 1, 1, Optional.of(0.0), true, Optional.empty()),
            new Contribution(
                "b", 0, 2, Optional.of(0.5), false, Optional.of("not selected by krum")),
            new Contribution(
                "c", 0, 1, Optional.of(6.0), false, Optional.of("not selected by krum")));
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
    assertThat(done.evidence().details().names()).isEmpty();
  }

  @Test
  void execute_fewerContributionsThanTheMethodNeeds_failsWhateverTheQuorumDid() {
    catalog.node("d", 0.5);
    CollaborativeJobBuilder job = job("a", "b", "c", "d").aggregate(Aggregation.krum(1));
    Map<String, Optional<TaskResult>> two = Map.of("a", Optional.empty(), "b", Optional.empty());
    // That validation refuses such a quorum is another test's matter.
    Quorum less = Quorum.atLeast(2).grace(Duration.ofSeconds(1));
    Failed failed = (Failed) run(job.quorum(less), two);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(failed.error().message())
        .contains("2 of 3 needed", "krum needs 3", "a: it was late");
    Completed done = (Completed) run(job.quorum(Quorum.atLeast(3)), Map.of("a", success(0, 1)));
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
  }

  @Test
  void execute_withoutNamedNodes_asksForAsManyAsTheMethodNeeds() {
    FakeContext context = FakeContext.of(catalog, CollaborativeEngineTest::honest);
    Aggregation three = Aggregation.multiKrum(1).with("select", 2);
    CollaborativeSpec spec = spec(JobSpec.collaborative("risk-model").aggregate(three));
    Completed done = (Completed) ENGINE.execute(spec, context);
    assertThat(context.asked.get("nodes").count()).isEqualTo(new NodeRequirements.Count(3, 10));
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
  }

  @Test
  void execute_withNormClip_scalesLargeContributionsAndTellsWhose() {
    Completed done =
        (Completed)
            run(
                job("a", "b", "c")
                    .aggregate(Aggregation.weightedAverage().with("weighting", "none"))
                    .normClip(4),
                Map.of("a", success(1, -1e300)));
    assertThat(done.output().tensors().get("risk").toDoubles())
        .containsExactly(new double[] {4 / 3.}, within(1e-12));
    assertThat(done.evidence().details().asMap()).isEqualTo(Map.of("clipped", List.of("a", "c")));
    assertThat(done.evidence().contributions()).allMatch(Contribution::accepted);
    assertThat(done.evidence().contributions().get(2).distance().orElseThrow())
        .isCloseTo(7 - 4 / 3., within(1e-12));
    Completed within = (Completed) run(job("a", "b", "c").normClip(7), Map.of());
    assertThat(within.evidence().details().asMap()).isEqualTo(Map.of("clipped", List.of()));
  }

  @Test
  void execute_withNormClipOfSums_addsWhatIsWithinTheBound() {
    Completed done =
        (Completed)
            run(
                job("a", "b", "c")
                    .reduce(ReductionSpec.sum())
                    .aggregate(Aggregation.sum())
                    .normClip(4),
                Map.of("a", success(1, -1e300)));
    assertThat(done.output().tensors().get("risk").toDoubles())
        .containsExactly(new double[] {-4 + 4 + 4}, within(1e-12));
    assertThat(done.output().samples()).contains(4L);
    assertThat(done.evidence().details().asMap()).isEqualTo(Map.of("clipped", List.of("a", "c")));
  }

  @Test
  void execute_answersOfAnotherFormFirst_waitsUntilEnoughAgree() {
    catalog.model(FakeCatalog.model("open", List.of(), List.of())).node("d", 0.5);
    CollaborativeJobBuilder job =
        JobSpec.collaborative("open").nodes("a", "b", "c", "d").cabinet("patients");
    FakeContext context =
        FakeContext.of(
            catalog,
            task -> FakeContext.nodeOf(task).equals("a") ? answer(task, 9, 1, 1) : honest(task));
    Completed done = (Completed) ENGINE.execute(spec(job.quorum(Quorum.atLeast(2))), context);
    assertThat(done.output().tensors().get("risk").toDoubles()).containsExactly(5);
    assertThat(done.evidence().contributions())
        .extracting(c -> c.nodeId() + " " + c.reason().orElse("counts"))
        .containsExactly(
            "a its names, types or shapes differ from the other nodes'",
            "b counts",
            "c counts",
            "d it was late");
  }

  @Test
  void execute_withHistograms_addsTheNodesCounts() {
    Completed done =
        (Completed)
            run(
                job("a", "b")
                    .reduce(ReductionSpec.histogram(0, 1))
                    .aggregate(Aggregation.histogram()),
                Map.of("a", counts(1, 2, 0), "b", counts(0, 4, 1)));
    assertThat(done.output().tensors())
        .isEqualTo(Map.of("risk", Tensor.ofLongs(new long[] {1, 6, 1}, 1, 3)));
    assertThat(done.output().samples()).contains(8L);
    assertThat(done.evidence().contributions())
        .extracting(Contribution::weight)
        .containsExactly(.375, .625);
  }

  private static Optional<TaskResult> counts(long... counts) {
    return success(
        Arrays.stream(counts).sum(), Map.of("risk", Tensor.ofLongs(counts, 1, counts.length)));
  }

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        arguments("no rows", success(0, 1), "it speaks for no rows"),
        arguments("negative rows", success(-5, 1), "it speaks for no rows"),
        arguments("too many rows", success(Long.MAX_VALUE, 1), "more rows than can be"),
        arguments("NaN", success(9, Double.NaN), "not finite"),
        arguments("infinite", success(9, Double.POSITIVE_INFINITY), "not finite"),
        arguments("another shape", success(9, 1, 2), "another shape"),
        arguments(
            "another name",
            success(9, Map.of("risks", Tensor.ofDoubles(new double[] {1}))),
            "the output risk is missing"),
        arguments(
            "one tensor too many",
            success(
                9,
                Map.of(
                    "risk", Tensor.ofDoubles(new double[] {1}),
                    "more", Tensor.ofDoubles(new double[] {1}))),
            "another number of tensors"),
        arguments(
            "another type", success(9, Map.of("risk", Tensor.ofLongs(new long[] {1}))), "not FP64"),
        arguments("text", success(9, Map.of("risk", Tensor.ofStrings(List.of("1")))), "not FP64"),
        arguments("empty", success(9, Map.of()), "it is empty"),
        arguments(
            "failed",
            Optional.of(FakeContext.failure("b", ErrorCode.POLICY_DENIED, "mean is not allowed")),
            "it failed: POLICY_DENIED: mean is not allowed"),
        arguments("late", Optional.empty(), "it was late"));
  }

  private static Optional<TaskResult> success(long samples, double... values) {
    return success(samples, Map.of("risk", Tensor.ofDoubles(values)));
  }

  private static Optional<TaskResult> success(long samples, Map<String, Tensor> outputs) {
    return Optional.of(TaskResult.success("b", outputs, samples, 5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void execute_badContributionWithinTheQuorum_isRecordedAndLeftOut(
      String name, Optional<TaskResult> bad, String reason) {
    Quorum two = Quorum.atLeast(2).grace(Duration.ofSeconds(1));
    Completed done = (Completed) run(job("a", "b", "c").quorum(two), Map.of("b", bad));
    assertThat(done.output().tensors().get("risk").toDoubles()).containsExactly(4);
    assertThat(done.output().samples()).contains(2L);
    Contribution refused = done.evidence().contributions().get(1);
    assertThat(refused.nodeId()).isEqualTo("b");
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.weight()).isZero();
    assertThat(refused.samples()).isNotNegative();
    assertThat(refused.reason().orElseThrow()).contains(reason);
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(2, 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void execute_badContributionBelowTheQuorum_failsWithTheReasons(
      String name, Optional<TaskResult> bad, String reason) {
    Failed failed = (Failed) run(job("a", "b", "c"), Map.of("b", bad));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(failed.error().message()).contains("2 of 3", "b: ", reason);
  }

  @Test
  void execute_quorumWithoutGrace_leavesTheRestLateAndWaitsForValidOnes() {
    FakeContext context =
        FakeContext.of(
            catalog, task -> FakeContext.nodeOf(task).equals("a") ? success(0, 1) : honest(task));
    Completed done =
        (Completed) ENGINE.execute(spec(job("a", "b", "c").quorum(Quorum.atLeast(1))), context);
    assertThat(context.journal.sent).containsExactly("local/a", "local/b");
    assertThat(done.evidence().contributions())
        .extracting(c -> c.reason().orElse("accepted"))
        .containsExactly("it speaks for no rows", "accepted", "it was late");
  }

  @Test
  void execute_namedNodeThatIsNotEligible_isLeftToTheQuorum() {
    FakeContext context = FakeContext.of(catalog, CollaborativeEngineTest::honest).ineligible("b");
    Completed done =
        (Completed) ENGINE.execute(spec(job("a", "b", "c").quorum(Quorum.atLeast(2))), context);
    assertThat(done.evidence().contributions().get(1).reason()).contains("it was not eligible");
    NodeRequirements asked = context.asked.get("nodes");
    assertThat(asked.nodes()).containsExactly("a", "b", "c");
    assertThat(asked.count()).isEqualTo(new NodeRequirements.Count(2, 3));
  }

  @Test
  void execute_withoutNamedNodes_asksForThoseThatMeetTheRequirements() {
    FakeContext context = FakeContext.of(catalog, CollaborativeEngineTest::honest);
    CollaborativeSpec spec =
        spec(
            JobSpec.collaborative("risk-model")
                .nodes(need -> need.dataType("medical").minSamples(5).reputationAtLeast(0.2)));
    Completed done = (Completed) ENGINE.execute(spec, context);
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
    NodeRequirements asked = context.asked.get("nodes");
    assertThat(asked.nodes()).isEmpty();
    assertThat(asked.data().type()).contains("medical");
    assertThat(asked.data().minSamples()).contains(5L);
    assertThat(asked.reputationMin()).isEqualTo(0.2);
    assertThat(asked.model()).contains(new NodeRequirements.ModelNeed("risk-model", "onnx"));
    assertThat(asked.count()).isEqualTo(new NodeRequirements.Count(2, 10));
    Task task = context.tasks.get("local/a");
    assertThat(task.input())
        .isEqualTo(
            new TaskInput.Cabinet(Optional.empty(), Optional.of("medical"), Optional.empty()));
    assertThat(task.reduction()).contains(ReductionSpec.mean());
    assertThat(context.progress).containsExactly("0/4", "3/4", "4/4");
  }

  @Test
  void execute_formsThatTheSignatureLeavesOpen_followTheMostNodesThenTheFirst() {
    catalog.model(FakeCatalog.model("risk-model", List.of(), List.of())).node("d", 0.5);
    Quorum two = Quorum.atLeast(2).grace(Duration.ofSeconds(1));
    Map<String, Optional<TaskResult>> tie =
        Map.of(
            "a", success(1, 1, 1), "b", success(1, 5), "c", success(1, 7), "d", success(1, 3, 3));
    Completed done = (Completed) run(job("a", "b", "c", "d").quorum(two), tie);
    assertThat(done.output().tensors().get("risk").toDoubles()).containsExactly(2, 2);
    assertThat(done.evidence().contributions())
        .extracting(Contribution::accepted)
        .containsExactly(true, false, false, true);
    assertThat(done.evidence().contributions().get(1).distance()).isEmpty();
    Failed failed =
        (Failed)
            run(
                job("a", "b", "c", "d").quorum(Quorum.atLeast(3).grace(Duration.ofSeconds(1))),
                tie);
    assertThat(failed.error().message()).contains("2 of 3", "differ from the other nodes'");
  }

  @Test
  void execute_metricsOfOtherClasses_areRecordedAndLeftOut() {
    CollaborativeJobBuilder job =
        job("a", "b", "c")
            .reduce(ReductionSpec.metrics().with("labels", List.of("no", "yes")))
            .aggregate(Aggregation.metrics())
            .quorum(Quorum.atLeast(2).grace(Duration.ofSeconds(1)));
    Completed done =
        (Completed)
            run(
                job,
                Map.of(
                    "a",
                    metrics("no", "yes"),
                    "b",
                    metrics("nein", "ja"),
                    "c",
                    metrics("no", "yes")));
    assertThat(done.output().metrics().orElseThrow().labels()).containsExactly("no", "yes");
    assertThat(done.output().metrics().orElseThrow().samples()).isEqualTo(4);
    assertThat(done.evidence().contributions().get(1).reason())
        .contains("its classes are not those of the model or the job");
  }

  private static Optional<TaskResult> metrics(String... labels) {
    Partial counts =
        new MetricCounts(
                List.of(labels),
                new long[] {1, 0, 0, 1},
                Optional.empty(),
                new long[0],
                new long[0])
            .toPartial();
    return success(counts.samples(), counts.values());
  }

  @Test
  void execute_aggregateThatOverflows_fails() {
    Map<String, Optional<TaskResult>> huge =
        Map.of("a", success(1, Double.MAX_VALUE), "b", success(1, Double.MAX_VALUE));
    Failed failed =
        (Failed) run(job("a", "b").reduce(ReductionSpec.sum()).aggregate(Aggregation.sum()), huge);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
  }

  @Test
  void execute_nodeWithAnotherLabelColumn_isNotAsked() {
    catalog.node("d", 0.5, FakeCatalog.cabinet("patients", "x"));
    CollaborativeSpec spec =
        spec(
            job("a", "b")
                .reduce(ReductionSpec.metrics().with("label", "outcome"))
                .aggregate(Aggregation.metrics())
                .quorum(Quorum.atLeast(1)));
    FakeContext context = FakeContext.of(catalog, CollaborativeEngineTest::honest);
    Failed failed = (Failed) ENGINE.execute(spec, context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(failed.error().message()).contains("a: its data has another label column");
    assertThat(context.journal.sent).isEmpty();
  }
}
