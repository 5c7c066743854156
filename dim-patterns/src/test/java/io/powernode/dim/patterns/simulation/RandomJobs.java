package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
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
    var job = JobSpec.chained();
    boolean isOnRows = random.nextInt(4) == 0;
    if (isOnRows) {
      job.step("first", "m4", step -> step.node(pick(nodes)).from("patients"));
    } else {
      job.input("x", Tensor.ofDoubles(new double[] {1, 2})).step("first", "m4", this::place);
    }
    int bookings = 1 + random.nextInt(2);
    if (random.nextInt(3) == 0) {
      var inner = JobSpec.chained();
      book(inner, bookings + 1);
      job.block(
          "bookings",
          inner.onFailure(handling()).build().config(),
          step -> step.from(PipelineStep.CLIENT_DATA).timeout(timeout()));
    } else {
      book(job, bookings);
    }
    job.step(
        "last",
        "m5",
        step -> {
          step.from("step_1_output").retries(random.nextInt(3));
          if (isOnRows) {
            step.reduce(ReductionSpec.sum());
          } else {
            place(step);
          }
        });
    return job.onFailure(handling()).timeout(timeout()).priority(priority()).build();
  }

  private void book(ChainedJobBuilder job, int bookings) {
    for (int i = 0; i < bookings; i++) {
      job.action(
          "book " + i,
          "book",
          step ->
              step.node(pick(nodes))
                  .from(PipelineStep.CLIENT_DATA)
                  .rollback(Rollback.action("unbook")));
    }
  }

  private ErrorHandling handling() {
    return random.nextBoolean()
        ? ErrorHandling.failFast()
        : ErrorHandling.rollbackAndRetry(1 + random.nextInt(2));
  }

  private void place(ChainedJobBuilder.Step step) {
    if (random.nextBoolean()) {
      step.node(pick(nodes));
    }
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
