package io.powernode.dim.spi;

import io.powernode.dim.api.JobSpec;

/** What jobs cost, in whole units of the operator's choice. Thread-safe. */
public interface CostModel {
  /**
   * What a job will probably cost; 0 or more.
   *
   * @param tasks how many tasks its engine expects
   */
  long estimate(JobSpec spec, int tasks);

  /** What one finished task cost; 0 or more. Attempts before the last one are not charged. */
  long charge(TaskResult result);
}
