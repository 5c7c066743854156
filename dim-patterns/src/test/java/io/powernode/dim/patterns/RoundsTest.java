package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.Contribution;
import io.powernode.dim.api.Evidence.QuorumOutcome;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rounds over three nodes whose rows want a parameter of two numbers at different places: the loss
 * of a node is half of the squared distance to its place, so its gradient is the way from there and
 * its Hessian the identity. Weighted by rows the places' mean is (4, 2).
 */
class RoundsTest {
  private static final CollaborativeEngine ENGINE = new CollaborativeEngine();
  private static final Map<String, double[]> PLACES =
      Map.of("a", new double[] {1, 0}, "b", new double[] {4, 2}, "c", new double[] {7, 4});
  private static final Map<String, Long> ROWS = Map.of("a", 1L, "b", 2L, "c", 1L);
  private static final Update GRADIENT = Update.gradient("gradient");
  private static final Update BOTH = GRADIENT.hessian("hessian");
  private static final Update VALUE = Update.value("trained");

  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(
              FakeCatalog.model(
                  "m",
                  List.of(
                      TensorSpec.of("x", DataType.FP64, -1, 2),
                      TensorSpec.of("w", DataType.FP64, 2),
                      TensorSpec.of("rate", DataType.FP64, 1)),
                  List.of(
                      TensorSpec.of("gradient", DataType.FP64, -1, 2),
                      TensorSpec.of("hessian", DataType.FP64, -1, 2, 2),
                      TensorSpec.of("trained", DataType.FP64, -1, 2),
                      TensorSpec.of("loss", DataType.FP64, -1, 1))))
          .node("a", 0.9)
          .node("b", 0.6)
          .node("c", 0.3);
  private final Map<String, Function<Task, Optional<TaskResult>>> others = new LinkedHashMap<>();

  private static Map<String, Tensor> input() {
    Map<String, Tensor> input = new LinkedHashMap<>();
    input.put("w", Tensor.ofFloats(new float[2]));
    input.put("rate", Tensor.ofDoubles(new double[] {0.5}));
    return input;
  }

  private static CollaborativeJobBuilder job(Rounds rounds) {
    return JobSpec.collaborative("m").nodes("c", "a", "b").cabinet("patients").rounds(rounds);
  }

  private FakeContext context(FakeContext.Journal journal) {
    return new FakeContext(
        journal,
        catalog,
        input(),
        task -> others.getOrDefault(task.step(), RoundsTest::honest).apply(task));
  }

  private static CollaborativeSpec spec(CollaborativeJobBuilder job) {
    return (CollaborativeSpec) job.build().config();
  }

  private Completed run(CollaborativeJobBuilder job) {
    return (Completed) ENGINE.execute(spec(job), context(new FakeContext.Journal()));
  }

  private Failed fail(CollaborativeJobBuilder job) {
    return (Failed) ENGINE.execute(spec(job), context(new FakeContext.Journal()));
  }

  private static Map<String, Tensor> parameters(Task task) {
    return ((TaskInput.Cabinet) task.input()).parameters();
  }

  /** Means over a node's rows, as the reduction mean gives them. */
  private static Optional<TaskResult> honest(Task task) {
    double[] w = parameters(task).get("w").toDoubles();
    double rate = parameters(task).get("rate").toDoubles()[0];
    double[] place = PLACES.get(FakeContext.nodeOf(task));
    double[] gradient = {w[0] - place[0], w[1] - place[1]};
    double[] trained = {w[0] - rate * gradient[0], w[1] - rate * gradient[1]};
    double loss = (gradient[0] * gradient[0] + gradient[1] * gradient[1]) / 2;
    return answer(task, gradient, new double[] {1, 0, 0, 1}, trained, loss);
  }

  private static Optional<TaskResult> answer(
      Task task, double[] gradient, double[] hessian, double[] trained, double loss) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("gradient", Tensor.ofDoubles(gradient));
    outputs.put("hessian", Tensor.ofDoubles(hessian, 2, 2));
    outputs.put("trained", Tensor.ofDoubles(trained));
    outputs.put("loss", Tensor.ofDoubles(new double[] {loss}));
    String node = FakeContext.nodeOf(task);
    return Optional.of(TaskResult.success(node, outputs, ROWS.get(node), 5));
  }

  private static double[] w(Completed done) {
    return done.output().tensors().get("w").toDoubles();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rounds(Completed done) {
    return (List<Map<String, Object>>) done.evidence().details().asMap().get("rounds");
  }

  static Stream<Arguments> optimizers() {
    return Stream.of(
        arguments(Rounds.newton(5).update("w", BOTH), 2),
        arguments(Rounds.newton(60).update("w", BOTH).with("learningRate", 0.5), 45),
        arguments(Rounds.fedAvg(5).update("w", GRADIENT), 2),
        arguments(Rounds.fedAvg(80).update("w", VALUE), 45),
        arguments(Rounds.momentum(200).update("w", VALUE).with("momentum", 0.5), 90),
        arguments(Rounds.fedAdagrad(200).update("w", VALUE).with("learningRate", 2), 200),
        arguments(Rounds.fedAdam(900).update("w", VALUE).with("learningRate", 0.3), 900),
        arguments(Rounds.fedYogi(900).update("w", VALUE).with("learningRate", 0.3), 900));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void execute_withEachOptimizer_convergesToTheMeanOfThePlaces(Rounds rounds, int most) {
    Completed done = run(job(rounds.tolerance(1e-12)));
    assertThat(w(done)).containsExactly(new double[] {4, 2}, within(1e-10));
    assertThat(done.evidence().details().flag("converged")).contains(true);
    assertThat(rounds(done)).hasSizeLessThanOrEqualTo(most);
  }

  @Test
  void execute_always_answersTheParametersAndWhatElseTheLastRoundDid() {
    Completed done = run(job(Rounds.newton(1).update("w", BOTH)));
    // At (0, 0) the losses are 0.5, 10 and 32.5, of 1, 2 and 1 rows.
    assertThat(done.output().tensors())
        .containsOnlyKeys("w", "trained", "loss")
        .containsEntry("w", Tensor.ofDoubles(new double[] {4, 2}))
        .containsEntry("loss", Tensor.ofDoubles(new double[] {13.25}));
    assertThat(done.output().samples()).contains(4L);
  }

  @Test
  void execute_always_tellsOfEveryRoundAndOfTheLastInFull() {
    Completed done = run(job(Rounds.fedAvg(2).update("w", VALUE).tolerance(1e-3)));
    double first = Math.sqrt(5);
    assertThat(rounds(done))
        .containsExactly(
            Map.of(
                "round",
                1L,
                "participating",
                3L,
                "samples",
                4L,
                "change",
                first,
                "refused",
                Map.of()),
            Map.of(
                "round",
                2L,
                "participating",
                3L,
                "samples",
                4L,
                "change",
                first / 2,
                "refused",
                Map.of()));
    assertThat(done.evidence().details().flag("converged")).contains(false);
    assertThat(done.evidence().quorum()).contains(new QuorumOutcome(3, 3));
    List<Contribution> contributions = done.evidence().contributions();
    assertThat(contributions).extracting(Contribution::nodeId).containsExactly("a", "b", "c");
    assertThat(contributions).extracting(Contribution::weight).containsExactly(.25, .5, .25);
    assertThat(contributions).allMatch(c -> c.accepted() && c.distance().isPresent());
    assertThat(done.evidence().method()).isEqualTo("federated_averaging");
  }

  @Test
  void execute_always_sendsTheParametersOfTheRoundBesideTheCabinet() {
    FakeContext context = context(new FakeContext.Journal());
    ENGINE.execute(spec(job(Rounds.fedAvg(2).update("w", VALUE))), context);
    assertThat(context.tasks)
        .containsOnlyKeys(
            "round-1/a", "round-1/b", "round-1/c", "round-2/a", "round-2/b", "round-2/c");
    TaskInput.Cabinet first = (TaskInput.Cabinet) context.tasks.get("round-1/a").input();
    assertThat(first.name()).contains("patients");
    assertThat(first.parameters()).isEqualTo(input());
    assertThat(parameters(context.tasks.get("round-2/c")))
        .containsEntry("w", Tensor.ofDoubles(new double[] {2, 1}))
        .containsEntry("rate", input().get("rate"));
    assertThat(context.progress).containsExactly("0/8", "3/8", "4/8", "4/8", "7/8", "8/8", "8/8");
  }

  @Test
  void execute_thatConvergesEarly_isDone() {
    FakeContext context = context(new FakeContext.Journal());
    ENGINE.execute(spec(job(Rounds.newton(1_000).update("w", BOTH).tolerance(1e-9))), context);
    assertThat(context.journal.sent).hasSize(6);
    assertThat(context.progress).endsWith("8/4000", "4000/4000");
  }

  @Test
  void execute_againAfterACrash_sendsNothingAgainAndAnswersTheSame() {
    CollaborativeSpec spec = spec(job(Rounds.fedAdam(20).update("w", VALUE)));
    FakeContext.Journal journal = new FakeContext.Journal();
    Completed first = (Completed) ENGINE.execute(spec, context(journal));
    List<String> sent = List.copyOf(journal.sent);
    assertThat(ENGINE.execute(spec, context(journal))).isEqualTo(first);
    assertThat(journal.sent).isEqualTo(sent).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void execute_withoutUpdates_followsTheNames() {
    catalog.model(
        FakeCatalog.model("m", List.of(), List.of(TensorSpec.of("trained", DataType.FP64, -1, 2))));
    for (String step : List.of("round-1/a", "round-1/b", "round-1/c")) {
      others.put(step, task -> trained(task, "trained", PLACES.get(FakeContext.nodeOf(task))));
    }
    CollaborativeSpec spec = spec(job(Rounds.fedAvg(1)));
    Map<String, Tensor> only = Map.of("w", Tensor.ofDoubles(new double[2]));
    Function<Task, Optional<TaskResult>> nodes = task -> others.get(task.step()).apply(task);
    FakeContext context = new FakeContext(new FakeContext.Journal(), catalog, only, nodes);
    Completed done = (Completed) ENGINE.execute(spec, context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("w", tensor(4, 2)));

    catalog.model(
        FakeCatalog.model("m", List.of(), List.of(TensorSpec.of("w", DataType.FP64, -1, 2))));
    others.replaceAll((step, f) -> task -> trained(task, "w", new double[] {5, 6}));
    context = new FakeContext(new FakeContext.Journal(), catalog, input(), nodes);
    done = (Completed) ENGINE.execute(spec, context);
    assertThat(done.output().tensors()).isEqualTo(Map.of("w", tensor(5, 6)));
  }

  private static Tensor tensor(double... values) {
    return Tensor.ofDoubles(values);
  }

  private static Optional<TaskResult> trained(Task task, String output, double[] value) {
    String node = FakeContext.nodeOf(task);
    return Optional.of(
        TaskResult.success(node, Map.of(output, Tensor.ofDoubles(value)), ROWS.get(node), 5));
  }

  @Test
  void execute_withSums_addsGradientsAndHessiansOfAllRows() {
    for (String node : PLACES.keySet()) {
      others.put("round-1/" + node, task -> summed(task, ROWS.get(node)));
    }
    Completed done =
        run(
            job(Rounds.newton(1).update("w", BOTH))
                .reduce(ReductionSpec.sum())
                .aggregate(Aggregation.sum()));
    assertThat(w(done)).containsExactly(new double[] {4, 2}, within(1e-12));
  }

  private static Optional<TaskResult> summed(Task task, double rows) {
    double[] place = PLACES.get(FakeContext.nodeOf(task));
    return answer(
        task,
        new double[] {-rows * place[0], -rows * place[1]},
        new double[] {rows, 0, 0, rows},
        new double[2],
        0);
  }

  @Test
  void execute_withARobustAggregation_takesItInEveryRound() {
    others.put("round-1/c", task -> answer(task, new double[2], new double[4], huge(), 0));
    others.put("round-2/c", task -> answer(task, new double[2], new double[4], huge(), 0));
    Completed done = run(job(Rounds.fedAvg(2).update("w", VALUE)).aggregate(Aggregation.median()));
    // Each round's median change is that of b: half of the way to (4, 2).
    assertThat(w(done)).containsExactly(new double[] {3, 1.5}, within(1e-12));
  }

  private static double[] huge() {
    return new double[] {1e9, 1e9};
  }

  @Test
  void execute_withNormClip_boundsHowFarAValueMoves() {
    CollaborativeJobBuilder job =
        job(Rounds.fedAvg(1).update("w", VALUE)).nodes("b", "c").normClip(1);
    others.put("round-1/b", task -> trained(task, "trained", new double[] {0.6, 0.8}));
    others.put("round-1/c", task -> trained(task, "trained", new double[] {30, 40}));
    catalog.model(
        FakeCatalog.model("m", List.of(), List.of(TensorSpec.of("trained", DataType.FP64, -1, 2))));
    Completed done = run(job);
    assertThat(w(done)).containsExactly(new double[] {0.6, 0.8}, within(1e-12));
    assertThat(done.evidence().details().asMap()).containsEntry("clipped", List.of("c"));
  }

  @Test
  void execute_nodeThatFailsInOneRound_isAskedAgainInTheNext() {
    others.put("round-1/a", task -> Optional.empty());
    Completed done =
        run(
            job(Rounds.fedAvg(2).update("w", GRADIENT))
                .quorum(Quorum.atLeast(2).grace(Duration.ofSeconds(1))));
    assertThat(rounds(done))
        .extracting(round -> round.get("participating"))
        .containsExactly(2L, 3L);
    assertThat(rounds(done)).extracting(round -> round.get("samples")).containsExactly(3L, 4L);
    assertThat(rounds(done))
        .extracting(round -> round.get("refused"))
        .containsExactly(Map.of("a", "it was late"), Map.of());
    assertThat(w(done)).containsExactly(new double[] {4, 2}, within(1e-12));
    assertThat(done.evidence().contributions()).allMatch(Contribution::accepted);
  }

  static Stream<Arguments> badAnswers() {
    double[] two = {1, 1};
    double[] four = {1, 0, 0, 1};
    return Stream.of(
        arguments("late", answers(task -> Optional.empty()), "it was late"),
        arguments(
            "not a number",
            answers(task -> answer(task, new double[] {Double.NaN, 0}, four, two, 0)),
            "not finite"),
        arguments(
            "another size",
            answers(task -> answer(task, new double[3], four, two, 0)),
            "the output gradient has another shape than the model's"));
  }

  private static Function<Task, Optional<TaskResult>> answers(
      Function<Task, Optional<TaskResult>> answer) {
    return answer;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void execute_tooFewContributionsInALaterRound_failsAndNamesIt(
      String name, Function<Task, Optional<TaskResult>> bad, String reason) {
    others.put("round-2/b", bad);
    Failed failed = fail(job(Rounds.fedAvg(3).update("w", GRADIENT)));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(failed.error().message()).startsWith("round 2: quorum: 2 of 3").contains(reason);
  }

  @Test
  void execute_sizesThatTheSignatureLeavesOpen_mustBeTheParameters() {
    catalog.model(FakeCatalog.model("m", List.of(), List.of()));
    others.put("round-1/b", task -> answer(task, new double[3], new double[4], new double[2], 0));
    Failed failed = fail(job(Rounds.fedAvg(1).update("w", GRADIENT)));
    assertThat(failed.error().message())
        .contains("b: the output gradient has not the 2 numbers that the parameter needs");
    Failed missing = fail(job(Rounds.fedAvg(1).update("w", Update.gradient("slope"))));
    assertThat(missing.error().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
    assertThat(missing.error().message()).contains("0 of 3", "the output slope has not the 2");
  }

  @Test
  void execute_parametersThatOverflow_fail() {
    Failed failed = fail(job(Rounds.fedAvg(9).update("w", GRADIENT).with("learningRate", 1e308)));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .isEqualTo("round 1: the parameters overflow the range of FP64");
  }

  @Test
  void execute_newtonWithoutCurvature_failsAndNamesTheRound() {
    for (String node : PLACES.keySet()) {
      others.put(
          "round-2/" + node, task -> answer(task, new double[2], new double[4], new double[2], 0));
    }
    Failed failed = fail(job(Rounds.newton(3).update("w", BOTH)));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(failed.error().message())
        .startsWith("round 2: the Hessian of w is not symmetric and positive definite; allowed:");
  }

  @Test
  void execute_withoutRounds_sendsTheParametersOnce() {
    FakeContext context = context(new FakeContext.Journal());
    CollaborativeSpec spec = spec(JobSpec.collaborative("m").nodes("a", "b").cabinet("patients"));
    Completed done = (Completed) ENGINE.execute(spec, context);
    assertThat(context.tasks).containsOnlyKeys("local/a", "local/b");
    assertThat(parameters(context.tasks.get("local/a"))).isEqualTo(input());
    assertThat(done.output().tensors().get("gradient").toDoubles())
        .containsExactly(new double[] {-3, -4 / 3.}, within(1e-12));
  }

  @Test
  void estimateTasks_ofRounds_isOfAllOfThem() {
    CollaborativeSpec spec = spec(job(Rounds.newton(7).update("w", BOTH)));
    assertThat(ENGINE.estimateTasks(spec, catalog)).isEqualTo(21);
  }
}
