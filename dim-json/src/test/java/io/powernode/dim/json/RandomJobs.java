package io.powernode.dim.json;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobBuilder;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.TimeRange;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** Makes valid jobs of the three patterns from a seed. */
final class RandomJobs {

  private final Random random;
  private final RandomValues values;

  RandomJobs(long seed) {
    random = new Random(seed);
    values = new RandomValues(seed);
  }

  JobSpec next() {
    return switch (random.nextInt(3)) {
      case 0 -> common(collaborative());
      case 1 -> common(comparative());
      default -> common(chained());
    };
  }

  private <B extends JobBuilder<B>> JobSpec common(B job) {
    if (random.nextBoolean()) {
      job.priority(values.pick(List.of(Priority.values())));
    }
    if (random.nextBoolean()) {
      job.maxCost(1 + random.nextInt(Integer.MAX_VALUE) * 4L);
    }
    if (random.nextBoolean()) {
      job.timeout(duration());
    }
    if (random.nextBoolean()) {
      job.idempotencyKey("k" + values.text());
    }
    if (random.nextBoolean()) {
      job.purpose(id());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      Tensor tensor = values.tensor();
      // In people's form every NaN is the same one.
      boolean plain = !tensor.dataType().isFloating() || allNumbers(tensor);
      job.input("t" + i + values.text(), plain ? tensor : Tensor.scalar(Double.NaN));
    }
    return job.build();
  }

  private static boolean allNumbers(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).noneMatch(Double::isNaN);
  }

  private CollaborativeJobBuilder collaborative() {
    var job = JobSpec.collaborative(id());
    if (random.nextBoolean()) {
      job.nodes("a", "b", "c").weight("a", 0.5 + random.nextDouble()).weight("c", 3);
      job.quorum(
          Quorum.atLeast(1 + random.nextInt(3)).grace(Duration.ofMillis(random.nextInt(9_999))));
    }
    if (random.nextBoolean()) {
      LocalDate from = LocalDate.ofEpochDay(random.nextInt(40_000));
      job.nodes(
          need ->
              need.dataType(values.text())
                  .minSamples(random.nextInt(1_000))
                  .timeRange(new TimeRange(from, from.plusDays(random.nextInt(999))))
                  .location(values.text())
                  .atMost(1 + random.nextInt(9))
                  .reputationAtLeast(random.nextDouble()));
    }
    if (random.nextBoolean()) {
      job.cabinet(id());
      job.normClip(1 - random.nextDouble());
    }
    if (random.nextBoolean()) {
      job.reduce(new ReductionSpec(values.text(), options()));
      job.aggregate(new Aggregation(values.text(), options()));
    }
    if (random.nextBoolean()) {
      job.rounds(rounds());
    }
    return job;
  }

  private Rounds rounds() {
    Rounds rounds =
        new Rounds(
            1 + random.nextInt(Rounds.MOST),
            id(),
            random.nextBoolean() ? Optional.of(1 - random.nextDouble()) : Optional.empty(),
            Map.of(),
            options());
    return random.nextBoolean()
        ? rounds
        : rounds
            .update("w" + values.text(), Rounds.Update.gradient("g").hessian("h"))
            .update("v" + values.text(), Rounds.Update.value("x" + values.text()));
  }

  private ComparativeJobBuilder comparative() {
    var job = JobSpec.comparative("m1", "m2", id());
    if (random.nextBoolean()) {
      job.node(id()).cabinet(id());
    } else if (random.nextBoolean()) {
      job.nodes("a", "b");
    }
    if (random.nextBoolean()) {
      job.consensus(
          new Consensus(
              values.text(),
              Optional.of(random.nextDouble()),
              Map.of("m1", 1.5, "m2", 1e-9),
              values.pick(List.of(TieRule.values())),
              Optional.of(random.nextDouble()),
              List.of("no", "yes", values.text() + "!"),
              Optional.of(duration()),
              values.pick(List.of(ReviewTimeoutRule.values())),
              options()));
    }
    return job;
  }

  private ChainedJobBuilder chained() {
    return chained(0);
  }

  private ChainedJobBuilder chained(int depth) {
    var job = JobSpec.chained();
    int steps = 2 + random.nextInt(4);
    for (int i = 1; i <= steps; i++) {
      int step = i;
      boolean action = random.nextInt(4) == 0;
      Consumer<ChainedJobBuilder.Step> details =
          s -> {
            if (random.nextBoolean()) {
              s.node(id()).from(random.nextBoolean() ? "client_data" : id());
            }
            if (random.nextBoolean()) {
              s.timeout(duration()).retries(random.nextInt(101));
            }
            if (random.nextBoolean() && step > 1) {
              s.input("x" + values.text(), "step_" + (step - 1) + "_output.y" + id());
            }
            if (random.nextBoolean()) {
              s.when("c" + values.text());
            }
            if (random.nextBoolean()) {
              s.rows("r" + values.text()).otherwise("o" + values.text(), random.nextInt());
            }
            if (random.nextBoolean() && !action) {
              s.reduce(new ReductionSpec(values.text(), options()));
            }
            if (random.nextBoolean() && !action) {
              s.fallback(id());
            }
            if (random.nextBoolean()) {
              s.rollback(Rollback.action(id()));
            }
          };
      if (depth < 3 && random.nextInt(4) == 0) {
        job.block("n" + values.text(), block(depth + 1), s -> s.timeout(duration()));
      } else if (action) {
        job.action("n" + values.text(), id(), details);
      } else {
        job.step("n" + values.text(), id(), details);
      }
    }
    return job.onFailure(
        new ErrorHandling(
            values.pick(List.of(OnFailure.values())),
            random.nextInt(101),
            1 + random.nextInt(steps),
            duration()));
  }

  private PatternSpec block(int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> collaborative().build().config();
      case 1 -> comparative().build().config();
      default -> chained(depth).build().config();
    };
  }

  /** Names that cannot be taken for a field's, or for one in another spelling. */
  private Options options() {
    Options options = Options.none();
    for (Map.Entry<String, Object> entry : values.plainMap(2).entrySet()) {
      options = options.with("o" + entry.getKey().replace("_", ""), entry.getValue());
    }
    return options;
  }

  private Duration duration() {
    return Duration.ofSeconds(random.nextInt(1_000), 1 + random.nextInt(999_999_999));
  }

  private String id() {
    return "id" + random.nextInt(1_000_000);
  }
}
