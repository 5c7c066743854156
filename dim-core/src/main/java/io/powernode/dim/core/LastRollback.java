package io.powernode.dim.core;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rollback of a job that failed, after its engine is done. Thread-safe. */
record LastRollback(PluginSet plugins) {
  private static final Logger LOG = LoggerFactory.getLogger(LastRollback.class);

  /** Not a name that an engine can use: it would undo a step without a name. */
  private static final String STEP = "undo:";

  /** Undoes what the engine itself did not, and tells what it did not tell. */
  PatternResult undo(Execution execution, PatternResult.Failed failed) {
    Journal journal = execution.journal();
    if (journal.undoCount() == 0) {
      return failed;
    }
    List<RollbackOutcome> earlier = new ArrayList<>();
    if (failed.error().code() != ErrorCode.COMPENSATION_FAILED) {
      // An engine that was stopped does not come to a rollback of its own again that failed.
      earlier.addAll(journal.rollbacks(step -> !step.equals(STEP)));
    }
    List<TraceStep> trace = new ArrayList<>(failed.trace());
    trace.addAll(new Undoings(journal.untoldRollbacks(step -> !step.equals(STEP))).trace());
    List<RollbackOutcome> last =
        execution.compensations().run(STEP, "", undo -> true, limit(execution.run()));
    trace.addAll(new Undoings(last).trace());
    earlier.addAll(last);
    Undoings all = new Undoings(earlier);
    if (!all.isIncomplete()) {
      return PatternResult.failed(failed.error(), trace);
    }
    ErrorInfo error =
        ErrorInfo.of(ErrorCode.COMPENSATION_FAILED, failed.error().message() + "; " + all.told())
            .about("job", execution.jobId());
    return PatternResult.failed(error, trace);
  }

  /** How long rollbacks of a job may take. */
  Duration limit(JobRun run) {
    PatternSpec spec = run.record().spec().config();
    try {
      return plugins
          .engine(spec.pattern())
          .map(engine -> limit(engine, spec))
          .orElse(ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT);
    } catch (RuntimeException e) {
      LOG.error("the engine of job {} has no time limit for rollbacks", run.jobId(), e);
      return ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT;
    }
  }

  private static <S extends PatternSpec> Duration limit(PatternEngine<S> engine, PatternSpec spec) {
    return engine.rollbackTimeout(engine.specType().cast(spec));
  }
}
