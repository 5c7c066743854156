package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten times the rows must not take a hundred times the work. What a thread allocates is counted,
 * which no other process disturbs, and its time on the processor, which caches and others' load do
 * disturb: it may grow four times as fast as the rows, and the least of several runs counts.
 */
@Timeout(120)
class ComparativeGrowthTest extends ComparativeFixture {
  private static final int FEW = 10_000;
  private static final int MANY = 100_000;
  private static final int REVIEWS = 10;

  @BeforeEach
  void fiveModels() {
    catalog.model(model("m4")).model(model("m5"));
  }

  static Stream<Consensus> methods() {
    return Stream.of(
        Consensus.majorityVote().calibration("patients"),
        Consensus.weightedVote().tie(TieRule.FIRST),
        Consensus.expertReview()
            .minAgreement(.9)
            .review(Duration.ofHours(1), ReviewTimeoutRule.FAIL),
        Consensus.meanProbability(),
        Consensus.medianProbability(),
        Consensus.dawidSkene(),
        Consensus.mean().absoluteTolerance(.1),
        Consensus.weightedMean().relativeTolerance(.5).minAgreement(.5),
        Consensus.median().absoluteTolerance(.1).minAgreement(.6));
  }

  @Test
  void methods_thatAreTried_areAllThereAre() {
    assertThat(methods().map(Consensus::method))
        .containsExactlyInAnyOrderElementsOf(catalog.names(ConsensusRule.class));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void execute_aHundredThousandRowsOfFiveModels_growsWithTheRows(Consensus consensus) {
    Cost few = least(consensus, FEW, 5);
    Cost many = least(consensus, MANY, 2);
    assertThat(many.bytes()).isLessThan(15 * few.bytes());
    assertThat(many.nanos()).isLessThan(40 * few.nanos());
  }

  /** What a job took from the votes to its result: memory, and time on the processor. */
  private record Cost(long bytes, long nanos) {}

  private Cost least(Consensus consensus, int rows, int runs) {
    List<Cost> costs = IntStream.range(0, runs).mapToObj(i -> cost(consensus, rows)).toList();
    return new Cost(
        costs.stream().mapToLong(Cost::bytes).min().orElseThrow(),
        costs.stream().mapToLong(Cost::nanos).min().orElseThrow());
  }

  private Cost cost(Consensus consensus, int rows) {
    Map<String, TaskResult> answers = answers(rows);
    Function<Task, Optional<TaskResult>> nodes =
        task ->
            Optional.of(
                task.step().contains("calibration")
                    ? FakeContext.failure("n1", ErrorCode.POLICY_DENIED, "kept")
                    : answers.get(modelOf(task)));
    FakeContext context =
        FakeContext.of(catalog, nodes)
            .reviewed(
                IntStream.range(0, REVIEWS)
                    .mapToObj(part -> review(part * rows / REVIEWS, (part + 1) * rows / REVIEWS))
                    .toArray(ReviewAnswer[]::new));
    ComparativeSpec spec =
        spec(
            JobSpec.comparative("m1", "m2", "m3", "m4", "m5")
                .node("n1")
                .cabinet("patients")
                .consensus(consensus));
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = thread.getCurrentThreadAllocatedBytes();
    long nanos = thread.getCurrentThreadCpuTime();
    Completed done = (Completed) ENGINE.execute(spec, context);
    Cost cost =
        new Cost(
            thread.getCurrentThreadAllocatedBytes() - bytes,
            thread.getCurrentThreadCpuTime() - nanos);
    assertThat(done.output().decisions())
        .extracting(Decision::row)
        .hasSize(rows)
        .last()
        .isEqualTo("row" + (rows - 1));
    return cost;
  }

  private static ReviewAnswer review(int from, int to) {
    Map<String, String> labels = new HashMap<>();
    for (int row = from; row < to; row++) {
      labels.put("row" + row, LABELS.get(row % 2));
    }
    Review review = new Review("Dr. " + from, labels, Optional.empty());
    return new ReviewAnswer(Optional.of(review), NOON, Optional.of(Duration.ofHours(1)));
  }

  /** Each model votes for the second class on four of five rows, but each on other ones. */
  private static Map<String, TaskResult> answers(int rows) {
    List<String> ids = IntStream.range(0, rows).mapToObj(row -> "row" + row).toList();
    Map<String, TaskResult> answers = new LinkedHashMap<>();
    for (String model : List.of("m1", "m2", "m3", "m4", "m5")) {
      Random random = new Random(model.hashCode());
      double[] risks = random.doubles(rows).map(u -> u < .8 ? .5 + u / 2 : u - .8).toArray();
      double[] probabilities = new double[2 * rows];
      for (int row = 0; row < rows; row++) {
        probabilities[2 * row] = 1 - risks[row];
        probabilities[2 * row + 1] = risks[row];
      }
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      outputs.put("row_ids", Tensor.ofStrings(ids));
      outputs.put(
          "labels",
          Tensor.ofStrings(
              IntStream.range(0, rows).mapToObj(r -> LABELS.get(risks[r] < .5 ? 0 : 1)).toList()));
      outputs.put("probabilities", Tensor.ofDoubles(probabilities, rows, 2));
      outputs.put("numbers", Tensor.ofDoubles(risks));
      answers.put(model, TaskResult.success("n1", outputs, rows, 1));
    }
    return answers;
  }
}
