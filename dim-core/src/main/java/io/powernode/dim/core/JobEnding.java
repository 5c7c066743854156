package io.powernode.dim.core;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a job that ends.
 *
 * @param record its last one
 * @param end the result and the trace
 * @param moot what was asked for it and is not to be heeded any more
 */
record JobEnding(JobRecord record, JobBook.End end, List<Write> moot) {

  /** The ending of a job whose engine came to that result, completed or failed. */
  static JobEnding of(JobRun run, PatternResult result, Environment environment) {
    Instant now = environment.now();
    JobRecord last = run.current();
    List<Write> moot = moot(last);
    JobRecord before = last.withReview(Optional.empty()).withError(Optional.empty());
    if (result instanceof PatternResult.Completed completed) {
      JobRecord ended = before.with(before.life().ended(JobState.COMPLETED, now));
      Optional<JobResult> kept = Optional.of(jobResult(run, completed, now, run.age(environment)));
      return new JobEnding(ended, new JobBook.End(kept, completed.trace()), moot);
    }
    PatternResult.Failed failed = (PatternResult.Failed) result;
    boolean cancelled = isCancelled(run) && failed.error().code() == ErrorCode.CANCELLED;
    JobState state = cancelled ? JobState.CANCELLED : JobState.FAILED;
    return new JobEnding(
        before.with(before.life().ended(state, now)).withError(Optional.of(failed.error())),
        new JobBook.End(Optional.empty(), failed.trace()),
        moot);
  }

  /** Any task may fail with that code of its own; only who may cancel the job has cancelled it. */
  private static boolean isCancelled(JobRun run) {
    return run.stop().reason().filter(why -> why.code() == ErrorCode.CANCELLED).isPresent();
  }

  private static List<Write> moot(JobRecord record) {
    List<Write> moot = new ArrayList<>();
    moot.add(new Write.Delete(Keys.cancel(record.jobId())));
    record
        .review()
        .ifPresent(asked -> moot.add(new Write.Delete(Keys.answer(record.jobId(), asked.step()))));
    return moot;
  }

  /**
   * The job's last writes.
   *
   * @param order its place among the ended
   */
  List<Write> writes(JobBook book, long order, List<Write> forgotten) {
    List<Write> writes = new ArrayList<>(forgotten);
    writes.add(book.putEnded(record, order));
    writes.add(book.put(record.jobId(), end));
    writes.addAll(moot);
    return writes;
  }

  private static JobResult jobResult(
      JobRun run, PatternResult.Completed completed, Instant now, Duration took) {
    return new JobResult(
        run.jobId(),
        JobState.COMPLETED,
        completed.output(),
        completed.evidence(),
        completed.trace(),
        new JobResult.Metadata(run.ledger().used(), took.toMillis(), run.ledger().cost(), now));
  }
}
