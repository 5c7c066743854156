package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One execution of a job's engine: what its context, the nested ones and the compensations share.
 * Used by the engine's thread.
 */
final class Execution {
  /** Twice in a journal entry's index, with the job's id, it is within what a store keeps. */
  private static final int MOST_NAME_BYTES = 1_000;

  private final JobRun run;
  private final Journal journal;
  private final Catalog catalog;
  private final Shared shared;
  private final Deadline deadline;
  private final PreparedTask.Owner owner;
  private final Compensations compensations;
  private final Set<String> claimed = new HashSet<>();
  private Optional<JobRecord.PendingReview> asked = Optional.empty();

  /**
   * What does not change from job to job.
   *
   * @param json for facts that engines keep
   */
  record Shared(Dispatcher dispatcher, LiveCatalog catalog, PluginSet plugins, DimJson json) {}

  Execution(JobRun run, Journal journal, Shared shared, Deadline deadline) {
    JobRecord record = run.record();
    this.run = run;
    this.journal = journal;
    this.shared = shared;
    this.catalog = shared.catalog().pinned(record.models());
    this.deadline = deadline;
    this.owner =
        new PreparedTask.Owner(
            record.jobId(),
            record.life().term(),
            new TaskEnvelope.Requester(record.id().userId(), record.spec().purpose()));
    this.compensations = new Compensations(this);
  }

  String jobId() {
    return owner.jobId();
  }

  JobRun run() {
    return run;
  }

  Journal journal() {
    return journal;
  }

  Deadline deadline() {
    return deadline;
  }

  Dispatcher dispatcher() {
    return shared.dispatcher();
  }

  Environment environment() {
    return dispatcher().environment();
  }

  Catalog catalog() {
    return catalog;
  }

  PluginSet plugins() {
    return shared.plugins();
  }

  DimJson json() {
    return shared.json();
  }

  StopSignal stop() {
    return run.stop();
  }

  Compensations compensations() {
    return compensations;
  }

  Optional<JobRecord.PendingReview> asked() {
    return asked;
  }

  void askFor(JobRecord.PendingReview pending) {
    asked = Optional.of(pending);
  }

  /** Takes a full step name, which may be taken only once in an execution. */
  String claim(String key) {
    if (!Texts.isKey(key)) {
      throw fault(
          "the name of a step holds U+0000 or an unpaired surrogate; allowed: any other text");
    }
    if (!Texts.isWithin(MOST_NAME_BYTES, key)) {
      throw fault(
          "the name of a step, with those of the steps that it is nested in, is too long; allowed: "
              + MOST_NAME_BYTES
              + " bytes in UTF-8");
    }
    if (!claimed.add(key)) {
      throw fault("step " + key + ": the engine used the name twice");
    }
    return key;
  }

  private DimException fault(String problem) {
    return new DimException(ErrorInfo.of(ErrorCode.ENGINE_FAULT, problem).about("job", jobId()));
  }

  /** A task with its input resolved and its model as pinned. */
  PreparedTask prepare(String key, String prefix, Task task) {
    Task resolved =
        task.input() instanceof TaskInput.OutputOf source
            ? task.input(outputOf(prefix + source.step()))
            : task;
    return PreparedTask.of(key, resolved, work(task), owner);
  }

  TaskExecution execution(PreparedTask task, Deadline until) {
    return new TaskExecution(dispatcher(), run, journal, task, stop(), until);
  }

  /** Waits for a stage; throws the reason if the job was stopped meanwhile. */
  <T> T await(CompletableFuture<T> stage) {
    T value = awaitAnyway(stage);
    stop().requireGoing();
    return value;
  }

  /** Waits for a stage, stopped or not. */
  <T> T awaitAnyway(CompletableFuture<T> stage) {
    return run.await(environment(), stage);
  }

  private Map<String, Tensor> outputOf(String step) {
    return journal
        .answer(step)
        .map(Fact.Answer::result)
        .filter(TaskResult.Success.class::isInstance)
        .map(result -> ((TaskResult.Success) result).outputs())
        .orElse(Map.of());
  }

  private TaskEnvelope.Work work(Task task) {
    if (task.work() instanceof Task.Work.Model model) {
      return new TaskEnvelope.Work.Model(
          catalog
              .model(model.id())
              .orElseThrow(
                  () ->
                      new DimException(
                          fault("the engine runs a model that it did not name at submit")
                              .info()
                              .about("model", model.id()))));
    }
    return task.work() instanceof Task.Work.Test test
        ? new TaskEnvelope.Work.Test(test.condition())
        : new TaskEnvelope.Work.Action(((Task.Work.Action) task.work()).name());
  }
}
