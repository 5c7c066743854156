package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.patterns.simulation.RandomJobs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Jobs that both sides know by a number, from which everything about them is drawn. */
final class NumberedJobs {
  private static final int LONGEST_MILLIS = 8_000;

  private NumberedJobs() {}

  static JobSpec job(long number) {
    SplittableRandom random = new SplittableRandom(number);
    List<String> nodes =
        IntStream.range(0, OrchestratorProcess.NODES).mapToObj(i -> "n" + i).toList();
    JobSpec drawn = new RandomJobs(random, nodes).next();
    return new JobSpec(
        drawn.config(),
        drawn.priority(),
        drawn.maxCost(),
        Duration.ofMillis(500 + random.nextInt(LONGEST_MILLIS)),
        Optional.of("number-" + number),
        drawn.purpose(),
        drawn.inputData());
  }

  /** How many actions a completed job has done for good. */
  static long actions(long number) {
    return job(number).config() instanceof ChainedSpec chained
        ? chained.pipeline().stream().filter(step -> step.action().isPresent()).count()
        : 0;
  }
}
