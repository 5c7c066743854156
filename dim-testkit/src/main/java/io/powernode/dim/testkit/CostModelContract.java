package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link CostModel} must do. Extend it, and say how to create one. */
public abstract class CostModelContract {
  private static final int[] TASKS = {1, 2, 10, 1000, 1_000_000};
  private static final long[] DURATIONS = {0, 1, 99, 60_000, Long.MAX_VALUE / 2};

  /** For subclasses. */
  protected CostModelContract() {}

  /** The cost model. */
  protected abstract CostModel create();

  @Test
  void estimate_ofMoreTasks_isNeitherNegativeNorLess() {
    JobSpec spec = JobSpec.collaborative("m").build();
    long before = 0;
    for (int tasks : TASKS) {
      long estimate = create().estimate(spec, tasks);
      assertThat(estimate).as("%d tasks", tasks).isGreaterThanOrEqualTo(before);
      assertThat(create().estimate(spec, tasks)).as("again").isEqualTo(estimate);
      before = estimate;
    }
  }

  @Test
  void charge_ofAnyResult_isNotNegative() {
    for (long duration : DURATIONS) {
      TaskResult success = TaskResult.success("n", Map.of(), 1, duration);
      TaskResult failure =
          TaskResult.failure("n", ErrorInfo.of(ErrorCode.TASK_TIMEOUT, "too slow"), duration);
      assertThat(create().charge(success)).as("success in %d ms", duration).isNotNegative();
      assertThat(create().charge(failure)).as("failure in %d ms", duration).isNotNegative();
    }
  }

  @Test
  void charge_ofAResult_dependsOnTheLastAttemptOnly() {
    TaskResult once = TaskResult.success("n", Map.of(), 1, 250);
    assertThat(create().charge(once.afterAttempts(3))).isEqualTo(create().charge(once));
  }
}
