package io.powernode.dim.api;

/**
 * Hears the updates of jobs, in order for each job, on a thread of the orchestrator's choice. What
 * a listener throws is logged and otherwise ignored; a slow one delays only itself.
 */
@FunctionalInterface
public interface JobListener {
  /** Called once for every update. */
  void onUpdate(JobUpdate update);
}
