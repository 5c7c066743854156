package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.InvalidJobException;
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
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks jobs and makes them durable. Thread-safe. */
final class JobIntake {
  private static final Logger LOG = LoggerFactory.getLogger(JobIntake.class);

  private final Execution.Shared shared;
  private final JobBook book;
  private final Tenure tenure;
  private final CostModel costModel;
  private final UpdateBoard updates;

  JobIntake(
      Execution.Shared shared,
      JobBook book,
      Tenure tenure,
      CostModel costModel,
      UpdateBoard updates) {
    this.shared = shared;
    this.book = book;
    this.tenure = tenure;
    this.costModel = costModel;
    this.updates = updates;
  }

  /** A job that passed every check, and what it will probably cost. */
  record Checked(JobSpec spec, Map<String, ModelDescriptor> models, long cost) {}

  /**
   * Checks a job.
   *
   * @throws InvalidJobException listing everything that is wrong
   */
  Checked check(JobSpec spec) {
    Violations violations = Violations.none();
    spec.validate(violations);
    Optional<PatternEngine<?>> engine =
        shared
            .plugins()
            .engine(spec.pattern())
            .filter(found -> found.specType().isInstance(spec.config()));
    if (engine.isPresent()) {
      return check(engine.get(), spec, violations);
    }
    violations.add(
        "pattern",
        "has no engine here",
        String.join(", ", shared.plugins().names(PatternEngine.class)));
    throw new InvalidJobException(violations.list());
  }

  private <S extends PatternSpec> Checked check(
      PatternEngine<S> engine, JobSpec spec, Violations violations) {
    S config = engine.specType().cast(spec.config());
    try {
      engine.validate(config, shared.catalog(), violations.at("config"));
      engine.validateInput(config, spec.inputData(), shared.catalog(), violations);
    } catch (RuntimeException e) {
      violations.throwIfAny();
      throw broken("the engine's check", e);
    }
    violations.throwIfAny();
    Map<String, ModelDescriptor> models = pinned(engine.models(config, shared.catalog()));
    long cost = estimate(engine, spec, config);
    if (spec.maxCost().isPresent() && cost > spec.maxCost().get()) {
      throw new DimException(
          ErrorCode.COST_LIMIT,
          "maxCost: the estimate is %d; allowed: a limit of at least that".formatted(cost));
    }
    return new Checked(spec, models, cost);
  }

  private Map<String, ModelDescriptor> pinned(Set<String> ids) {
    Map<String, ModelDescriptor> pinned = new HashMap<>();
    for (String id : ids) {
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
    return pinned;
  }

  private <S extends PatternSpec> long estimate(PatternEngine<S> engine, JobSpec spec, S config) {
    try {
      return costModel.estimate(spec, engine.estimateTasks(config, shared.catalog()));
    } catch (RuntimeException e) {
      throw broken("the estimate of the cost", e);
    }
  }

  /** The host's own code failed before anything was accepted. */
  private static DimException broken(String what, RuntimeException e) {
    return e instanceof DimException known
        ? known
        : new DimException(
            ErrorInfo.of(ErrorCode.INTERNAL, what + " threw " + e.getClass().getSimpleName()), e);
  }

  /**
   * The job that the same idempotency key made before, if the specification has one that was used.
   *
   * @throws DimException with {@link ErrorCode#CONFLICT} if it was used for another specification;
   *     with {@link ErrorCode#UNAVAILABLE} if it cannot be told whether that job is replicated
   */
  Optional<Accepted> earlier(String userId, JobSpec spec) {
    return spec.idempotencyKey()
        .flatMap(key -> book.read(Keys.idempotency(userId, key), JobBook.IdempotentUse.class))
        .flatMap(use -> earlier(use, spec));
  }

  /**
   * Makes a job durable.
   *
   * @return the new job, or the record of the one that the same idempotency key made meanwhile
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if it cannot be told whether it is;
   *     with another code if the store can never keep it
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
                1,
                0,
                tenure.environment().now(),
                Optional.empty(),
                spec.timeout()),
            JobRecord.Account.none(),
            Optional.empty(),
            Optional.empty());
    CommitResult result = commit(record, checked.cost(), Guard.Absent::new);
    if (result instanceof CommitResult.Conflict used && used.failed() instanceof Guard.Absent) {
      Optional<Accepted> earlier = earlier(userId, spec);
      if (earlier.isPresent()) {
        return earlier.get();
      }
      result = commit(record, checked.cost(), this::free);
    }
    if (result instanceof CommitResult.Committed) {
      return new Accepted(record, checked.cost(), true);
    }
    LOG.warn("a job was not accepted: the store answered {}", result);
    return earlier(userId, spec)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.UNAVAILABLE, "the job could not be made durable; try again later"));
  }

  /**
   * Writes a new job.
   *
   * @param free what must hold of the entry of its idempotency key, if it has one
   */
  private CommitResult commit(JobRecord record, long cost, Function<String, Guard> free) {
    String jobId = record.jobId();
    List<Guard> guards = new ArrayList<>();
    guards.add(new Guard.LiveSession(tenure.epoch()));
    guards.add(new Guard.Absent(Keys.job(jobId)));
    List<Write> writes = new ArrayList<>();
    writes.add(book.put(record));
    Optional<String> used = record.spec().idempotencyKey();
    if (used.isPresent()) {
      String key = Keys.idempotency(record.id().userId(), used.get());
      guards.add(free.apply(key));
      writes.add(book.put(key, new JobBook.IdempotentUse(jobId, digest(record.spec()), cost)));
    }
    return tenure.settled(tenure.handIn(tenure.commit(guards, writes)));
  }

  /** An entry outlives its job only if that could not be read when it was forgotten. */
  private Guard free(String key) {
    return book.store()
        .get(key)
        .filter(entry -> jobOf(book.use(entry)).isEmpty())
        .<Guard>map(entry -> new Guard.AtVersion(key, entry.version()))
        .orElseGet(() -> new Guard.Absent(key));
  }

  private Optional<StateStore.Entry> jobOf(JobBook.IdempotentUse use) {
    return book.store().get(Keys.job(use.jobId()));
  }

  /**
   * A job that is durable.
   *
   * @param cost what it was expected to cost when it was accepted
   * @param isNew whether it was accepted just now
   */
  record Accepted(JobRecord record, long cost, boolean isNew) {}

  /** What this orchestrator needs to run a job that it owns. */
  JobRun run(JobRecord record, long version, boolean isNew, Runnable onFenced) {
    JobRun run =
        new JobRun(
            isNew,
            record,
            new JobWriter(tenure, record.jobId(), version, onFenced),
            updates.open(record),
            new NodeLedger(costModel),
            acceptedAt(record, isNew));
    run.over().whenOver(() -> updates.left(record.jobId()));
    return run;
  }

  private long acceptedAt(JobRecord record, boolean isNew) {
    Environment environment = tenure.environment();
    Duration age = Duration.between(record.life().submittedAt(), environment.now());
    return environment.nanoTime() - (isNew ? 0 : Spans.nanos(age));
  }

  /** Empty if the job is forgotten: then the key is free again. */
  private Optional<Accepted> earlier(JobBook.IdempotentUse use, JobSpec spec) {
    Optional<StateStore.Entry> job = jobOf(use);
    if (job.isPresent() && !use.spec().equals(digest(spec))) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.CONFLICT,
                  "idempotencyKey: was used for another job; allowed: a fresh key, or the same job")
              .about("job", use.jobId()));
    }
    job.ifPresent(found -> requireReplicated());
    return job.map(found -> new Accepted(book.versioned(found).record(), use.cost(), false));
  }

  /**
   * What is read after a restart of the store may be on one machine only. What is committed after
   * it is not answered before all of it is on another.
   */
  private void requireReplicated() {
    if (book.store().durability() != StateStore.Durability.REPLICATED) {
      return;
    }
    Commit nothing = tenure.commit(List.of(new Guard.LiveSession(tenure.epoch())), List.of());
    if (!(tenure.settled(tenure.handIn(nothing)) instanceof CommitResult.Committed)) {
      throw new DimException(
          ErrorCode.UNAVAILABLE, "it cannot be told now whether the job is durable; try again");
    }
  }

  /** The order in which tensors are named is no part of a job. */
  private Digest digest(JobSpec spec) {
    JobSpec sorted =
        new JobSpec(
            spec.config(),
            spec.priority(),
            spec.maxCost(),
            spec.timeout(),
            spec.idempotencyKey(),
            spec.purpose(),
            new TreeMap<>(spec.inputData()));
    return Digest.of(book.json().encode(sorted));
  }
}
