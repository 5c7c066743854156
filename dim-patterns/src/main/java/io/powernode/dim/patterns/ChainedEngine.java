package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code chained}: models and actions run one after the other, each on the job's data, a cabinet's
 * rows, or what earlier steps answered.
 *
 * <p>A model's input gets the tensor that the step's {@code inputs} name for it; else the source's
 * tensor of the same name; else the source's only tensor, if it is the only input. The job's own
 * data may instead be columns by the names of features. An action gets all tensors of its source,
 * and so does a block that reads the job's data.
 *
 * <p>Rows of a cabinet stay on its node from step to step where all that reads them can do so
 * there: models on that node that read nothing else, and conditions on nothing else. What leaves of
 * the rows of a step that are not to stay is its {@code reduction}, or the rows as they are without
 * one; either way the owner's policy decides, as it does on conditions. A step without a {@code
 * nodeId} runs where its rows are. If a node has lost rows, what made them and what came of them is
 * undone and done again as a new attempt, at most {@value #MOST_LOSSES} times a job; it fails with
 * {@link ErrorCode#ROWS_LOST} after that, or if an effect that came of the rows cannot be undone.
 *
 * <p>A block's answer, or a reduction's, is read by later steps as tensors: those that a
 * collaborative block or a pipeline answers under their own names; metrics as {@code accuracy},
 * {@code logLoss} and {@code auc} FP64 [], {@code samples} INT64 [], {@code labels} BYTES [k] and
 * {@code confusion} INT64 [k,k]; decisions as {@code label}, {@code status} and {@code row_ids}
 * BYTES [n] and {@code value}, {@code agreement} and {@code confidence} FP64 [n], where a row
 * without a label has an empty text, and one without a value or a confidence NaN. A block that
 * fails does so as a step; what it did is undone with the step's own rollbacks. Its evidence and
 * its own trace stand in the pipeline's trace.
 *
 * <p>A step whose {@code when} does not hold is skipped, and so is each step that reads a skipped
 * one, in its {@code inputSource} (the step before, if the job names none), its {@code inputs}, its
 * conditions or its {@code otherwise}. The job's output is that of the last step that ran and whose
 * rows do not stay, and no tensors if there is none. Numbers are compared as doubles, of which NaN
 * satisfies {@code !=} alone, and texts byte by byte with {@code ==} and {@code !=}. Of no rows
 * {@code any} is false and {@code all} true. A condition that does not fit what was answered fails
 * its step with {@link ErrorCode#INVALID_DATA}.
 *
 * <p>With {@code rows}, only rows that meet that condition go through a step; a row is an entry
 * along the first dimension of the tensors that it works on, but for inputs whose first dimension
 * the model fixes. A model's or a vote's answer then has all rows in their order: those that passed
 * by have what {@code otherwise} says of an output, else what the step's source has under the same
 * name, which must be of the same type and form. Rows that passed a vote by have no label, NaN for
 * numbers, and the status {@code passed_by} unless {@code otherwise} says more; the vote's answer
 * is its tensors then. An action's answer stays as it is. If no row goes through, the step is
 * skipped, but for an action its answer is what passed by. The rows of a vote keep the names that
 * {@code row_ids} in its data gives them, else {@code r1} to {@code rn}.
 *
 * <p>When a step fails, and its fallback model too if it has one, which does not run where rows
 * that it would read are lost, the rollbacks of what was done run in reverse. With {@code
 * rollback_and_retry} the pipeline then starts again from {@code retryFromStep}, or from the failed
 * step if that comes first, at most {@code maxRetries} times; steps before that keep their answers,
 * and so are not undone until the job fails for good. Then it has the step's error and the trace. A
 * rollback that fails ends the job with {@link ErrorCode#COMPENSATION_FAILED}. Thread-safe.
 */
public final class ChainedEngine implements PatternEngine<ChainedSpec> {

  /** How often a job makes rows again that their nodes lost. */
  private static final int MOST_LOSSES = 3;

  /** For the service loader. */
  public ChainedEngine() {}

  @Override
  public String name() {
    return ChainedSpec.PATTERN;
  }

  @Override
  public Class<ChainedSpec> specType() {
    return ChainedSpec.class;
  }

  @Override
  public void validate(ChainedSpec spec, Catalog catalog, Violations violations) {
    new ChainedChecks(spec, catalog, violations).run();
  }

  @Override
  public void validateInput(
      ChainedSpec spec, Map<String, Tensor> inputData, Catalog catalog, Violations violations) {
    StepSources sources = new StepSources(catalog);
    List<PipelineStep> readers = spec.pipeline().stream().filter(sources::readsClientData).toList();
    if (readers.isEmpty()) {
      InputDataChecks.requireNone(inputData, violations);
    } else if (readers.stream().anyMatch(step -> needsClientData(step, catalog))) {
      InputDataChecks.requireSome(inputData, violations);
    }
    if (!inputData.isEmpty()) {
      readers.stream()
          .filter(step -> step.inputs().isEmpty())
          .flatMap(step -> block(step, catalog).stream())
          .forEach(block -> block.validateInput(inputData, violations));
    }
  }

  private static boolean needsClientData(PipelineStep step, Catalog catalog) {
    boolean needs =
        step.block()
            .map(
                block -> BlockEngine.of(block, catalog).filter(BlockEngine::needsInput).isPresent())
            .orElseGet(() -> step.modelId().isPresent());
    return needs && step.inputs().isEmpty();
  }

  @Override
  public boolean readsInput(ChainedSpec spec, Catalog catalog) {
    return spec.pipeline().stream().anyMatch(new StepSources(catalog)::readsClientData);
  }

  @Override
  public Set<String> models(ChainedSpec spec, Catalog catalog) {
    Set<String> models = new LinkedHashSet<>();
    for (PipelineStep step : spec.pipeline()) {
      step.modelId().ifPresent(models::add);
      step.fallbackModelId().ifPresent(models::add);
      step.rollback().flatMap(Rollback::modelId).ifPresent(models::add);
      block(step, catalog).ifPresent(block -> models.addAll(block.models()));
    }
    return models;
  }

  @Override
  public int estimateTasks(ChainedSpec spec, Catalog catalog) {
    return spec.pipeline().stream()
        .mapToInt(step -> block(step, catalog).map(BlockEngine::estimateTasks).orElse(1))
        .reduce(0, (a, b) -> (int) Math.min(Integer.MAX_VALUE, (long) a + b));
  }

  private static Optional<BlockEngine<?>> block(PipelineStep step, Catalog catalog) {
    return step.block().flatMap(block -> BlockEngine.of(block, catalog));
  }

  @Override
  public Duration rollbackTimeout(ChainedSpec spec) {
    return spec.errorHandling().rollbackTimeout();
  }

  @Override
  public PatternResult execute(ChainedSpec spec, PatternContext context) {
    PipelineRun run = new PipelineRun(spec, context);
    ErrorHandling handling = spec.errorHandling();
    int retries = handling.onFailure() == OnFailure.ROLLBACK_AND_RETRY ? handling.maxRetries() : 0;
    int retry = 0;
    int losses = 0;
    Set<Integer> steps = run.from(1);
    try {
      while (true) {
        PipelineEnd end = run.attempt(steps);
        if (end instanceof PipelineEnd.Answered) {
          return PatternResult.completed(run.answer(), Evidence.of(name()), run.trace());
        } else if (end instanceof PipelineEnd.Waiting) {
          return PatternResult.awaitingReview();
        }
        PipelineEnd.Failed failure = (PipelineEnd.Failed) end;
        Optional<Set<Integer>> again =
            hasLostRows(failure) && losses < MOST_LOSSES
                ? run.again(failure.step())
                : Optional.empty();
        boolean isLast = again.isEmpty() && (retry == retries || isUndoneInPart(failure));
        int next = Math.min(handling.retryFromStep(), failure.step().step());
        steps = isLast ? run.from(1) : again.orElse(run.from(next));
        RollbackTally tally = new RollbackTally(run);
        tally.rollBack(steps, "rollback");
        if (tally.isIncomplete() && !steps.equals(run.from(1))) {
          tally.rollBack(run.from(1), "rollback-all");
        }
        if (tally.isIncomplete() || isLast) {
          ErrorInfo error = tally.error(failure.sentence()).orElseGet(() -> failed(failure, tally));
          return PatternResult.failed(error, run.trace());
        }
        losses += again.isPresent() ? 1 : 0;
        retry += again.isPresent() ? 0 : 1;
      }
    } catch (DimException stop) {
      if (!endsJob(stop)) {
        throw stop;
      }
      RollbackTally tally = new RollbackTally(run);
      tally.rollBack(run.from(1), "rollback-stopped");
      ErrorInfo error = tally.error(stop.info().message()).orElse(stop.info());
      return PatternResult.failed(error, run.trace());
    }
  }

  private static boolean hasLostRows(PipelineEnd.Failed failure) {
    return failure.error().code() == ErrorCode.ROWS_LOST;
  }

  /** Whether an exception of the context means that the job is to end. */
  private static boolean endsJob(DimException stop) {
    return stop.code() == ErrorCode.CANCELLED || stop.code() == ErrorCode.JOB_TIMEOUT;
  }

  /** Whether a block could not undo all that it did: to start again would do that twice. */
  private static boolean isUndoneInPart(PipelineEnd.Failed failure) {
    return failure.error().code() == ErrorCode.COMPENSATION_FAILED;
  }

  /** Where a block's error lists what it undid and what not, the rest that was undone follows. */
  private static ErrorInfo failed(PipelineEnd.Failed failure, RollbackTally tally) {
    ErrorInfo error = failure.error();
    boolean isListed = isUndoneInPart(failure) && !tally.undone().isEmpty();
    return new ErrorInfo(
        error.code(),
        "%s: %s%s"
            .formatted(
                StepInputs.label(failure.step()),
                error.message(),
                isListed ? "; also undone: " + String.join(", ", tally.undone()) : ""),
        error.retryable(),
        error.subject());
  }
}
