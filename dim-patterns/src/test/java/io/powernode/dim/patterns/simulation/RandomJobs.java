package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TieRule;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws jobs of all three patterns. */
public final class RandomJobs {
  private final RandomGenerator random;
  private final List<String> nodes;

  /** Jobs for nodes of these names, as {@link RandomNodes} draws them. */
  public RandomJobs(RandomGenerator random, List<String> nodes) {
    this.random = random;
    this.nodes = nodes;
  }

  /** Another job. */
  public JobSpec next() {
    return switch (random.nextInt(3)) {
      case 0 -> collaborative();
      case 1 -> comparative();
      default -> chained();
    };
  }

  private JobSpec collaborative() {
    var job =
        JobSpec.collaborative("m0")
            .cabinet("patients")
            .aggregate(
                pick(
                    List.of(
                        Aggregation.federatedAveraging(),
                        Aggregation.weightedAverage(),
                        Aggregation.median())));
    if (random.nextBoolean()) {
      job.nodes(nodes.toArray(String[]::new));
    } else {
      job.nodes(need -> need.dataType("medical").atMost(2 + random.nextInt(3)));
    }
    if (random.nextBoolean()) {
      job.quorum(Quorum.atLeast(2).grace(Duration.ofMillis(random.nextInt(500))));
    }
    return job.timeout(timeout()).priority(priority()).build();
  }

  private JobSpec comparative() {
    Consensus consensus =
        pick(
            List.of(
                Consensus.majorityVote().tie(TieRule.FIRST),
                Consensus.weightedVote().minAgreement(0.6),
                Consensus.expertReview()
                    .minAgreement(0.9)
                    .review(
                        Duration.ofSeconds(1 + random.nextInt(20)),
                        pick(List.of(ReviewTimeoutRule.values())))));
    return JobSpec.comparative("m1", "m2", "m3")
        .node(pick(nodes))
        .cabinet("patients")
        .consensus(consensus)
        .timeout(timeout())
        .priority(priority())
        .build();
  }

  private JobSpec chained() {
    var job = JobSpec.chained().input("x", Tensor.ofDoubles(new double[] {1, 2}));
    job.step("first", "m4", step -> place(step));
    int actions = 1 + random.nextInt(2);
    for (int i = 0; i < actions; i++) {
      job.action(
          "book " + i, "book", step -> step.node(pick(nodes)).rollback(Rollback.action("unbook")));
    }
    job.step("last", "m5", step -> place(step).from("step_1_output").retries(random.nextInt(3)));
    return job.onFailure(
            random.nextBoolean()
                ? ErrorHandling.failFast()
                : ErrorHandling.rollbackAndRetry(1 + random.nextInt(2)))
        .timeout(timeout())
        .priority(priority())
        .build();
  }

  private ChainedJobBuilder.Step place(ChainedJobBuilder.Step step) {
    return random.nextBoolean() ? step.node(pick(nodes)) : step;
  }

  private Duration timeout() {
    return Duration.ofMillis(200 + random.nextInt(20_000));
  }

  private Priority priority() {
    return pick(List.of(Priority.values()));
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
