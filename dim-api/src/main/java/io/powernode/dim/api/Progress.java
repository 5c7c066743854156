package io.powernode.dim.api;

/**
 * How far a job is, as people see it. It may be ahead of what is durable.
 *
 * @param completedSteps steps done, 0..{@code totalSteps}
 * @param totalSteps steps known so far, 0 or more
 */
public record Progress(int completedSteps, int totalSteps) {

  /** Nothing done and nothing known yet. */
  public static Progress none() {
    return new Progress(0, 0);
  }

  /** 0..100; 0 while the number of steps is unknown. */
  public int percentComplete() {
    return totalSteps == 0 ? 0 : (int) (100L * Math.min(completedSteps, totalSteps) / totalSteps);
  }
}
