package io.powernode.dim.core;

import io.powernode.dim.api.JobSpec;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.TaskResult;

/**
 * One unit for each task that succeeds, and one for each 100 ms begun that its node spent on it. A
 * failed task is free. The estimate supposes that each task takes no more than 100 ms: two units a
 * task.
 */
final class DefaultCostModel implements CostModel {
  private static final long UNITS_PER_TASK = 1;
  private static final long MILLIS_PER_UNIT = 100;

  @Override
  public long estimate(JobSpec spec, int tasks) {
    Ranges.require(tasks >= 0, "tasks", "0 or more");
    return tasks * units(MILLIS_PER_UNIT);
  }

  @Override
  public long charge(TaskResult result) {
    return result instanceof TaskResult.Success success ? units(success.durationMs()) : 0;
  }

  /** A node's clock may lie, but never below zero or beyond what a long holds. */
  private static long units(long millis) {
    long time = Math.max(0, millis);
    long begun = time / MILLIS_PER_UNIT + (time % MILLIS_PER_UNIT == 0 ? 0 : 1);
    return UNITS_PER_TASK + begun;
  }
}
