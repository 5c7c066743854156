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

/** An orchestrator in this process, as the host or one user sees it. */
final class LocalOrchestrator implements Orchestrator {
  private final Machine machine;
  private final Optional<String> user;

  LocalOrchestrator(Machine machine, Optional<String> user) {
    this.machine = machine;
    this.user = user;
  }

  @Override
  public JobHandle submit(JobSpec spec) {
    JobIntake.Checked checked = machine.intake().check(spec);
    machine.jobs().requireRoom();
    JobIntake.Accepted accepted = machine.intake().accept(user.orElse(LOCAL_USER), checked);
    String jobId = accepted.record().jobId();
    if (accepted.isNew()) {
      machine.jobs().admit(machine.intake().run(accepted, 1, () -> machine.jobs().fenced(jobId)));
    }
    return new LocalJobHandle(this, jobId, checked.cost(), machine.jobs().estimate(spec));
  }

  @Override
  public JobStatus status(String jobId) {
    JobRecord record = record(jobId);
    return record.status(Optional.of(machine.jobs().estimate(record.spec())));
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
    JobRecord record = record(jobId);
    if (!record.state().isTerminal()) {
      machine.writeCancel(jobId);
      machine.jobs().live(jobId).ifPresent(machine.jobs()::stop);
    }
    return record(jobId).state();
  }

  @Override
  public JobResult await(String jobId, Duration limit) {
    JobRecord record = record(jobId);
    Optional<JobRun> run = machine.jobs().live(jobId);
    if (run.isEmpty()) {
      return result(record(jobId));
    }
    CompletableFuture<JobRecord> ended = run.get().ended().copy();
    Subscription alarm =
        machine
            .environment()
            .schedule(limit, () -> ended.completeExceptionally(notEnded(record, limit)));
    try {
      return result(machine.environment().await(ended));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while waiting").about("job", jobId), e);
    } finally {
      alarm.close();
    }
  }

  @Override
  public Subscription subscribe(String jobId, JobListener listener) {
    JobRecord record = record(jobId);
    return machine
        .jobs()
        .live(jobId)
        .map(run -> run.updates().subscribe(listener))
        .orElseGet(
            () ->
                new Updates(jobId, machine.environment(), List.of(), record.state())
                    .subscribe(listener));
  }

  @Override
  public void review(String jobId, Review review) {
    JobRecord record = record(jobId);
    JobRun run =
        machine
            .jobs()
            .live(jobId)
            .orElseThrow(
                () ->
                    new DimException(
                        ErrorInfo.of(
                                ErrorCode.CONFLICT,
                                "the job does not wait for a review; it is "
                                    + record.state().name().toLowerCase(Locale.ROOT))
                            .about("job", jobId)));
    machine.jobs().review(run, review);
  }

  @Override
  public JobPage list(JobFilter filter) {
    JobFilter mine = user.map(filter::user).orElse(filter);
    JobBook.Listing listing = machine.book().list(mine);
    List<JobStatus> jobs =
        listing.records().stream()
            .map(stored -> machine.jobs().live(stored.jobId()).map(JobRun::current).orElse(stored))
            .map(record -> record.status(Optional.of(machine.jobs().estimate(record.spec()))))
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
            .jobs()
            .live(jobId)
            .map(JobRun::current)
            .orElseGet(() -> machine.book().require(jobId).record());
    if (user.isPresent() && !user.get().equals(record.id().userId())) {
      throw JobBook.unknown(jobId);
    }
    return record;
  }

  private JobResult result(JobRecord record) {
    requireEnded(record);
    record
        .error()
        .ifPresent(
            error -> {
              throw new DimException(error);
            });
    return machine
        .book()
        .end(record.jobId())
        .flatMap(JobBook.End::result)
        .orElseThrow(() -> JobBook.unknown(record.jobId()));
  }

  private static void requireEnded(JobRecord record) {
    if (!record.state().isTerminal()) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.CONFLICT,
                  "the job has not ended; it is " + record.state().name().toLowerCase(Locale.ROOT))
              .about("job", record.jobId()));
    }
  }

  private void requireHost() {
    if (user.isPresent()) {
      throw new DimException(ErrorCode.FORBIDDEN, "only the host's own view may do this");
    }
  }

  private static DimException notEnded(JobRecord record, Duration limit) {
    return new DimException(
        ErrorInfo.of(
                ErrorCode.TASK_TIMEOUT, "the job has not ended within " + limit.toMillis() + " ms")
            .about("job", record.jobId()));
  }
}
