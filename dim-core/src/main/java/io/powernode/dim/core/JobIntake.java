package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks jobs and makes them durable. Thread-safe. */
final class JobIntake {
  private final Execution.Shared shared;
  private final JobBook book;
  private final Tenure tenure;
  private final CostModel costModel;
  private final List<JobListener> listeners;

  JobIntake(
      Execution.Shared shared,
      JobBook book,
      Tenure tenure,
      CostModel costModel,
      List<JobListener> listeners) {
    this.shared = shared;
    this.book = book;
    this.tenure = tenure;
    this.costModel = costModel;
    this.listeners = List.copyOf(listeners);
  }

  /** A job that passed every check, and what it will probably cost. */
  record Checked(JobSpec spec, Map<String, ModelDescriptor> models, long cost) {}

  /**
   * Checks a job.
   *
   * @throws io.powernode.dim.api.InvalidJobException listing everything that is wrong
   */
  Checked check(JobSpec spec) {
    Violations violations = Violations.none();
    spec.validate(violations);
    Optional<PatternEngine<?>> engine = shared.plugins().engine(spec.pattern());
    if (engine.isEmpty() || !engine.get().specType().isInstance(spec.config())) {
      violations.add(
          "pattern",
          "has no engine here",
          String.join(", ", shared.plugins().names(PatternEngine.class)));
    } else {
      return check(engine.get(), spec, violations);
    }
    violations.throwIfAny();
    throw new IllegalStateException("a violation was just added");
  }

  private <S extends PatternSpec> Checked check(
      PatternEngine<S> engine, JobSpec spec, Violations violations) {
    S config = engine.specType().cast(spec.config());
    engine.validate(config, shared.catalog(), violations.at("config"));
    violations.throwIfAny();
    Map<String, ModelDescriptor> pinned = new HashMap<>();
    for (String id : engine.models(config)) {
      ModelDescriptor model =
          shared
              .catalog()
              .model(id)
              .orElseThrow(
                  () ->
                      new DimException(
                          ErrorInfo.of(ErrorCode.UNKNOWN_MODEL, "there is no such model")
                              .about("model", id)));
      pinned.put(id, model);
    }
    long cost = costModel.estimate(spec, engine.estimateTasks(config, shared.catalog()));
    if (spec.maxCost().isPresent() && cost > spec.maxCost().get()) {
      throw new DimException(
          ErrorCode.COST_LIMIT,
          "maxCost: the estimate is %d; allowed: a limit of at least that".formatted(cost));
    }
    return new Checked(spec, pinned, cost);
  }

  /**
   * Makes a job durable.
   *
   * @return the new job, or the record of the one that the same idempotency key made before
   */
  Accepted accept(String userId, Checked checked) {
    JobSpec spec = checked.spec();
    String jobId = tenure.environment().newId("job");
    JobRecord record =
        new JobRecord(
            new JobRecord.Identity(jobId, userId),
            spec,
            checked.models(),
            new JobRecord.Lifecycle(
                JobState.PENDING,
                tenure.epoch(),
                0,
                tenure.environment().now(),
                Optional.empty(),
                spec.timeout()),
            JobRecord.Account.none(),
            Optional.empty(),
            Optional.empty());
    List<Guard> guards = new ArrayList<>();
    guards.add(new Guard.LiveSession(tenure.epoch()));
    guards.add(new Guard.Absent(Keys.job(jobId)));
    List<Write> writes = new ArrayList<>();
    writes.add(book.put(record));
    Optional<String> key = spec.idempotencyKey().map(k -> Keys.idempotency(userId, k));
    if (key.isPresent()) {
      guards.add(new Guard.Absent(key.get()));
      writes.add(book.put(key.get(), new JobBook.IdempotentUse(jobId, digest(spec))));
    }
    CommitResult result = commit(tenure.commit(guards, writes));
    if (result instanceof CommitResult.Committed) {
      return new Accepted(record, true);
    }
    if (result instanceof CommitResult.Conflict conflict
        && conflict.failed() instanceof Guard.Absent absent
        && key.equals(Optional.of(absent.key()))) {
      return new Accepted(earlier(key.get(), spec), false);
    }
    throw new DimException(
        ErrorCode.UNAVAILABLE, "the job could not be made durable; try again later");
  }

  /** A job, and whether it is a new one. */
  record Accepted(JobRecord record, boolean isNew) {}

  /** What this orchestrator needs to run a job that it owns. */
  JobRun run(Accepted accepted, long version, Runnable onFenced) {
    JobRecord record = accepted.record();
    return new JobRun(
        accepted.isNew(),
        record,
        new JobWriter(tenure, record.jobId(), version, onFenced),
        new Updates(record.jobId(), tenure.environment(), listeners, record.state()),
        new NodeLedger(costModel));
  }

  private JobRecord earlier(String key, JobSpec spec) {
    JobBook.IdempotentUse use = book.read(key, JobBook.IdempotentUse.class).orElseThrow();
    if (!use.spec().equals(digest(spec))) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.CONFLICT,
                  "idempotencyKey: was used for another job; allowed: a fresh key, or the same job")
              .about("job", use.jobId()));
    }
    return book.require(use.jobId()).record();
  }

  private Digest digest(JobSpec spec) {
    return Digest.of(book.json().encode(spec));
  }

  private CommitResult commit(Commit commit) {
    CommitResult result;
    try {
      result = tenure.environment().await(tenure.store().commit(commit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while the job was written"), e);
    }
    if (result instanceof CommitResult.Unknown unknown
        && tenure.store().lookup(unknown.transactionId()) == StateStore.Outcome.COMMITTED) {
      return new CommitResult.Committed(0);
    }
    return result;
  }
}
