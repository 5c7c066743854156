package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is named or answers first never changes a bit of an aggregate or of its evidence. */
class ArrivalOrderTest {
  private static final int NODES = 30;
  private static final List<String> LABELS = List.of("no", "yes");
  private static final CollaborativeEngine ENGINE = new CollaborativeEngine();

  /** What one node answers, drawn at random. */
  private interface Draw extends Function<Random, Partial> {}

  private static CollaborativeJobBuilder job() {
    return JobSpec.collaborative("risk-model").cabinet("patients");
  }

  static Stream<Arguments> jobs() {
    Draw mean = random -> Rows.partial(1 + random.nextInt(1000), random.nextGaussian() * 1e6);
    Stream<Arguments> means =
        Stream.of(
                Aggregation.federatedAveraging(),
                Aggregation.weightedAverage(),
                Aggregation.median(),
                Aggregation.trimmedMean(0.3),
                Aggregation.geometricMedian().with("weighting", "reputation"),
                Aggregation.krum(5),
                Aggregation.multiKrum(5).with("weighting", "samples"),
                Aggregation.bulyan(6))
            .map(method -> arguments(job().aggregate(method).normClip(1e6), mean));
    Stream<Arguments> others =
        Stream.of(
            arguments(job().reduce(ReductionSpec.sum()).aggregate(Aggregation.sum()), mean),
            arguments(
                job().reduce(ReductionSpec.histogram(0, 1)).aggregate(Aggregation.histogram()),
                (Draw) ArrivalOrderTest::histogram),
            arguments(
                job().reduce(ReductionSpec.metrics()).aggregate(Aggregation.metrics()),
                (Draw) ArrivalOrderTest::metrics),
            arguments(
                job()
                    .rounds(Rounds.fedYogi(3).update("w", Update.gradient("risk")))
                    .aggregate(Aggregation.weightedAverage()),
                mean));
    return Stream.concat(means, others);
  }

  private static Partial histogram(Random random) {
    long[] counts = random.longs(3, 1, 1000).toArray();
    return new Partial(Map.of("risk", Tensor.ofLongs(counts, 1, 3)), Arrays.stream(counts).sum());
  }

  private static Partial metrics(Random random) {
    long[] confusion = random.longs(4, 1, 100).toArray();
    long[] negatives = new long[MetricsReduction.AUC_BINS];
    long[] positives = new long[MetricsReduction.AUC_BINS];
    negatives[random.nextInt(negatives.length)] = confusion[0] + confusion[1];
    positives[random.nextInt(positives.length)] = confusion[2] + confusion[3];
    Optional<Double> logLoss = Optional.of(random.nextDouble() * 1e3);
    return new MetricCounts(LABELS, confusion, logLoss, negatives, positives).toPartial();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void execute_inAnyOrderOfNodesAndArrival_givesTheSameBits(
      CollaborativeJobBuilder job, Draw draw) {
    for (long seed = 1; seed <= 8; seed++) {
      Random random = new Random(seed);
      FakeCatalog catalog =
          new FakeCatalog().model(FakeCatalog.riskModel("risk-model").withLabels(LABELS));
      Map<String, Partial> answers = new LinkedHashMap<>();
      for (int i = 0; i < NODES; i++) {
        catalog.node("n" + i, random.nextDouble());
        answers.put("n" + i, draw.apply(random));
      }
      List<String> ids = new ArrayList<>(answers.keySet());
      PatternResult reference = execute(job, ids, catalog, answers, UnaryOperator.identity());
      assertThat(reference).isInstanceOf(Completed.class);
      Collections.shuffle(ids, random);
      PatternResult shuffled =
          execute(job, ids, catalog, answers, tasks -> shuffled(tasks, random));
      assertThat(shuffled).isEqualTo(reference);
    }
  }

  private static List<Task> shuffled(List<Task> tasks, Random random) {
    List<Task> order = new ArrayList<>(tasks);
    Collections.shuffle(order, random);
    return order;
  }

  private static PatternResult execute(
      CollaborativeJobBuilder job,
      List<String> ids,
      FakeCatalog catalog,
      Map<String, Partial> answers,
      UnaryOperator<List<Task>> arrival) {
    var spec = (CollaborativeSpec) job.nodes(ids.toArray(String[]::new)).build().config();
    Map<String, Tensor> input = Map.of("w", Tensor.ofDoubles(new double[] {0.5}));
    FakeContext context =
        new FakeContext(
            new FakeContext.Journal(), catalog, input, task -> Optional.of(answer(task, answers)));
    return ENGINE.execute(spec, context.arriving(arrival));
  }

  private static TaskResult answer(Task task, Map<String, Partial> answers) {
    String node = FakeContext.nodeOf(task);
    Partial partial = answers.get(node);
    return TaskResult.success(node, partial.values(), partial.samples(), 5);
  }
}
