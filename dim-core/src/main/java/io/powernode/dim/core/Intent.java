package io.powernode.dim.core;

import io.powernode.dim.spi.PatternContext.ReviewAnswer;

/**
 * What somebody asked for a job, at whichever orchestrator: durable, until the job's owner made it
 * moot.
 */
sealed interface Intent {
  String jobId();

  /** Where it is kept; a job has one of that name at most. */
  String key();

  /** That the job be cancelled. */
  record Cancel(String jobId) implements Intent {
    @Override
    public String key() {
      return Keys.cancel(jobId);
    }
  }

  /**
   * That the job go on with an answer to its review.
   *
   * @param step under which the engine asked, in full
   */
  record Answer(String jobId, String step, ReviewAnswer answer) implements Intent {
    @Override
    public String key() {
      return Keys.answer(jobId, step);
    }
  }
}
