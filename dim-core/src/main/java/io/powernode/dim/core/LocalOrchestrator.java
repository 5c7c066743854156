package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobPage;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.TraceStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** An orchestrator in this process, as the host or one user sees it. */
final class LocalOrchestrator implements Orchestrator {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Machine machine;
  private final Optional<String> user;

  LocalOrchestrator(Machine machine, Optional<String> user) {
    this.machine = machine;
    this.user = user;
  }

  @Override
  public JobHandle submit(JobSpec spec) {
    Machine.Term term = machine.term();
    JobIntake.Accepted accepted = accept(term, spec, term.jobs()::admit).accepted();
    return new LocalJobHandle(
        this, accepted.record().jobId(), accepted.cost(), term.jobs().estimate(spec.pattern()));
  }

  @Override
  public JobResult run(JobSpec spec, Duration limit) {
    long end = after(limit);
    Machine.Term term = machine.term();
    boolean here = limit.compareTo(spec.timeout()) >= 0;
    HandedOn job = accept(term, spec, here ? term.jobs()::runHere : term.jobs()::admit);
    return job.run()
        .flatMap(JobRun::ending)
        .map(LocalOrchestrator::result)
        .orElseGet(() -> await(job.accepted().record().jobId(), limit, end));
  }

  /** A job that was accepted, and its run if it is new. */
  private record HandedOn(JobIntake.Accepted accepted, Optional<JobRun> run) {}

  /** The job, handed on if it is new. */
  private HandedOn accept(
      Machine.Term term, JobSpec spec, BiConsumer<JobRun, AdmissionQueue.Place> handOn) {
    String userId = user.orElse(LOCAL_USER);
    Optional<JobIntake.Accepted> earlier = term.intake().earlier(userId, spec);
    if (earlier.isPresent()) {
      return new HandedOn(earlier.get(), Optional.empty());
    }
    JobIntake.Checked checked = term.intake().check(spec);
    try (AdmissionQueue.Place place = term.jobs().reserve()) {
      JobIntake.Accepted accepted = term.intake().accept(userId, checked);
      if (!accepted.isNew()) {
        return new HandedOn(accepted, Optional.empty());
      }
      String jobId = accepted.record().jobId();
      Runnable onFenced = () -> term.jobs().fenced(jobId);
      JobRun run = term.intake().run(accepted.record(), 1, true, onFenced);
      handOn.accept(run, place);
      return new HandedOn(accepted, Optional.of(run));
    }
  }

  @Override
  public JobStatus status(String jobId) {
    return status(record(jobId));
  }

  @Override
  public JobResult result(String jobId) {
    return result(record(jobId));
  }

  @Override
  public List<TraceStep> trace(String jobId) {
    requireEnded(record(jobId));
    return machine.book().end(jobId).map(JobBook.End::trace).orElse(List.of());
  }

  @Override
  public JobState cancel(String jobId) {
    if (!record(jobId).state().isTerminal()) {
      machine.intents().cancel(jobId);
      machine.heed(new Intent.Cancel(jobId));
    }
    return record(jobId).state();
  }

  @Override
  public JobResult await(String jobId, Duration limit) {
    return await(jobId, limit, after(limit));
  }

  private long after(Duration limit) {
    return machine.environment().nanoTime() + Spans.nanos(limit);
  }

  private JobResult await(String jobId, Duration limit, long end) {
    JobRecord record = record(jobId);
    while (!record.state().isTerminal()) {
      Duration left = Duration.ofNanos(end - machine.environment().nanoTime());
      if (left.isNegative() || left.isZero()) {
        throw notEnded(jobId, limit);
      }
      if (machine.isClosed()) {
        throw closed(jobId);
      }
      Optional<JobRun> run = machine.live(jobId);
      awaitChange(jobId, run, left);
      Optional<JobEnding> ending = run.flatMap(JobRun::ending);
      if (ending.isPresent()) {
        return result(ending.get());
      }
      record = record(jobId);
    }
    return result(record);
  }

  /** Waits for the end of a job; looks after a while whether its owner is another one now. */
  private void awaitChange(String jobId, Optional<JobRun> run, Duration left) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Subscription end =
        run.map(r -> r.over().whenOver(() -> over.complete(null)))
            .orElseGet(() -> listen(jobId, over));
    Duration most = run.isPresent() || left.compareTo(LOOK) < 0 ? left : LOOK;
    try {
      Subscription alarm = machine.environment().schedule(most, () -> over.complete(null));
      try {
        Waiting.on(machine.environment(), over);
      } finally {
        alarm.close();
      }
    } catch (RejectedExecutionException shutDown) {
      throw closed(jobId);
    } finally {
      end.close();
    }
  }

  private static DimException closed(String jobId) {
    return new DimException(
        ErrorInfo.of(ErrorCode.UNAVAILABLE, "the orchestrator is closed").about("job", jobId));
  }

  private Subscription listen(String jobId, CompletableFuture<Void> over) {
    return machine
        .updates()
        .subscribe(
            jobId,
            update -> {
              if (update.state().isTerminal()) {
                over.complete(null);
              }
            });
  }

  @Override
  public Subscription subscribe(String jobId, JobListener listener) {
    record(jobId);
    return machine.updates().subscribe(jobId, listener);
  }

  @Override
  public void review(String jobId, Review review) {
    record(jobId);
    machine.heed(machine.intents().review(jobId, review));
  }

  /** In a list by state, what is stored decides: a job that is about to change stands once. */
  @Override
  public JobPage list(JobFilter filter) {
    JobFilter mine = user.map(filter::user).orElse(filter);
    JobBook.Listing listing = machine.book().list(mine);
    List<JobStatus> jobs =
        listing.records().stream()
            .map(
                stored ->
                    machine
                        .known(stored.jobId())
                        .map(JobRun::current)
                        .filter(live -> mine.state().isEmpty() || live.state() == stored.state())
                        .orElse(stored))
            .map(this::status)
            .toList();
    return new JobPage(jobs, listing.next());
  }

  @Override
  public void maintenance(String nodeId, boolean outOfService) {
    requireHost();
    machine.nodes().maintenance(nodeId, outOfService);
  }

  @Override
  public void register(ModelDescriptor model, Path file) {
    requireHost();
    machine.register(model, file);
  }

  @Override
  public List<NodeRecord> nodes() {
    return machine.nodes().all().stream().sorted(Comparator.comparing(NodeRecord::nodeId)).toList();
  }

  @Override
  public List<ModelDescriptor> models() {
    return machine.models().all();
  }

  @Override
  public Orchestrator as(String userId) {
    Ids.require("user id", userId);
    if (user.isPresent() && !user.get().equals(userId)) {
      throw new DimException(
          ErrorCode.FORBIDDEN, "user id: only the host's own view may act for another user");
    }
    return new LocalOrchestrator(machine, Optional.of(userId));
  }

  @Override
  public void close() {
    if (user.isEmpty()) {
      machine.close();
    }
  }

  private JobRecord record(String jobId) {
    JobRecord record =
        machine
            .known(jobId)
            .map(JobRun::current)
            .orElseGet(() -> machine.book().require(jobId).record());
    if (user.isPresent() && !user.get().equals(record.id().userId())) {
      throw JobBook.unknown(jobId);
    }
    return record;
  }

  private JobStatus status(JobRecord record) {
    return record.status(Optional.of(machine.estimate(record)));
  }

  private JobResult result(JobRecord record) {
    return result(record, () -> machine.book().end(record.jobId()));
  }

  private static JobResult result(JobEnding ending) {
    return result(ending.record(), () -> Optional.of(ending.end()));
  }

  private static JobResult result(JobRecord record, Supplier<Optional<JobBook.End>> end) {
    requireEnded(record);
    record
        .error()
        .ifPresent(
            error -> {
              throw new DimException(error);
            });
    return end.get()
        .flatMap(JobBook.End::result)
        .orElseThrow(() -> JobBook.unknown(record.jobId()));
  }

  private static void requireEnded(JobRecord record) {
    if (!record.state().isTerminal()) {
      throw conflict(record, "the job has not ended; it is " + inWords(record.state()));
    }
  }

  private static DimException conflict(JobRecord record, String why) {
    return new DimException(ErrorInfo.of(ErrorCode.CONFLICT, why).about("job", record.jobId()));
  }

  private static String inWords(JobState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private void requireHost() {
    if (user.isPresent()) {
      throw new DimException(ErrorCode.FORBIDDEN, "only the host's own view may do this");
    }
  }

  private static DimException notEnded(String jobId, Duration limit) {
    return new DimException(
        ErrorInfo.of(
                ErrorCode.TASK_TIMEOUT, "the job has not ended within " + limit.toMillis() + " ms")
            .about("job", jobId));
  }
}
