package io.powernode.dim.spi;

import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Runs jobs of one pattern. Plain blocking Java: every task goes through the {@link
 * PatternContext}, which journals its answer under the task's step name. After a crash {@link
 * #execute} simply runs again from the top and gets the recorded answers, so it must be
 * deterministic given them: no clock, no randomness, no I/O of its own ({@link
 * PatternContext#record} keeps such facts).
 *
 * <p>One instance serves all jobs at once and must be thread-safe; an engine has no state.
 *
 * @param <S> the engine's part of a job specification
 */
public interface PatternEngine<S extends PatternSpec> extends Named {
  /** The pattern's name in a job's JSON. */
  @Override
  String name();

  /** The specification's type: a record whose components are the JSON fields. */
  Class<S> specType();

  /**
   * Adds a violation for everything that cannot work with the models, nodes and plugins that are
   * there. Called at submit after {@link PatternSpec#validate}; paths are relative to the
   * specification.
   */
  default void validate(S spec, Catalog catalog, Violations violations) {}

  /**
   * Adds a violation if the job needs data of its own and has none, or has some that nothing would
   * read or that cannot work with the models that are there. Called at submit besides {@link
   * #validate}; the path is {@code inputData}.
   */
  default void validateInput(
      S spec, Map<String, Tensor> inputData, Catalog catalog, Violations violations) {}

  /**
   * Whether a job reads {@link PatternContext#inputData} at all. A pipeline asks it of a nested
   * pattern: one that reads none is given none, and does not depend on the step before it.
   */
  default boolean readsInput(S spec, Catalog catalog) {
    return true;
  }

  /** The ids of the models that a job will name; their digests are pinned at submit. */
  default Set<String> models(S spec, Catalog catalog) {
    return Set.of();
  }

  /** How many tasks a job will probably run, for its estimated cost; 1 or more. */
  default int estimateTasks(S spec, Catalog catalog) {
    return 1;
  }

  /** How long the compensations of a job that was stopped may take altogether. */
  default Duration rollbackTimeout(S spec) {
    return ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT;
  }

  /**
   * Runs the job. What it throws fails the job; a {@link io.powernode.dim.api.DimException} with
   * its code, anything else as {@link io.powernode.dim.api.ErrorCode#ENGINE_FAULT}. Exceptions of
   * the context must pass through.
   */
  PatternResult execute(S spec, PatternContext context);
}
