package io.powernode.dim.testkit;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.OrchestratorBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An orchestrator in a process of a simulation, and its client: submits the job unless the store
 * has it, and answers reviews.
 */
final class SimulatedOrchestrator {
  private final SimulatedProcess process;
  private final CrashPoint.Store store;
  private final Optional<Function<ReviewRequest, Review>> expert;
  private Optional<Orchestrator> orchestrator = Optional.empty();
  private Optional<String> jobId = Optional.empty();
  private boolean reviewed;

  SimulatedOrchestrator(
      SimulatedProcess process,
      CrashPoint.Store store,
      OrchestratorBuilder builder,
      JobSpec job,
      Optional<Function<ReviewRequest, Review>> expert) {
    this.process = process;
    this.store = store;
    this.expert = expert;
    process.execute(
        () -> {
          Orchestrator built = builder.build();
          orchestrator = Optional.of(built);
          if (onlyJob(built).isEmpty()) {
            built.submit(job);
          }
        });
  }

  int commits() {
    return store.commits();
  }

  boolean isDead() {
    return !process.isAlive();
  }

  /** Whether it is dead or its job has ended; hands in the review when it is asked for. */
  boolean isOver() {
    if (isDead()) {
      return true;
    }
    Optional<JobStatus> job = job();
    job.flatMap(JobStatus::review).ifPresent(request -> review(job.get().jobId(), request));
    return job.map(status -> status.state().isTerminal()).orElse(false);
  }

  private void review(String jobId, ReviewRequest request) {
    if (!reviewed && expert.isPresent()) {
      reviewed = true;
      Review review = expert.get().apply(request);
      process.execute(() -> handIn(jobId, request, review));
    }
  }

  /** Tries again later if the request was answered before the crash, and another follows it. */
  private void handIn(String jobId, ReviewRequest request, Review review) {
    Orchestrator dim = orchestrator.orElseThrow();
    try {
      dim.review(jobId, review);
    } catch (DimException e) {
      boolean isAnswered = !dim.status(jobId).review().equals(Optional.of(request));
      if (e.code() != ErrorCode.CONFLICT && !isAnswered) {
        throw e;
      }
    }
    // The engine may ask again, for the rows that the expert left open.
    reviewed = false;
  }

  private Optional<JobStatus> job() {
    if (jobId.isEmpty()) {
      jobId = orchestrator.flatMap(SimulatedOrchestrator::onlyJob);
    }
    return jobId.map(id -> orchestrator.orElseThrow().status(id));
  }

  private static Optional<String> onlyJob(Orchestrator orchestrator) {
    return orchestrator.list(JobFilter.all()).jobs().stream().findFirst().map(JobStatus::jobId);
  }

  JobOutcome outcome() {
    Orchestrator ended = orchestrator.orElseThrow();
    JobStatus status = job().orElseThrow();
    if (status.state() == JobState.COMPLETED) {
      JobResult result = ended.result(status.jobId());
      return new JobOutcome(
          status.state(),
          Optional.of(result.output()),
          Optional.of(withoutTime(result.evidence())),
          result.trace(),
          Optional.empty());
    }
    return new JobOutcome(
        status.state(),
        Optional.empty(),
        Optional.empty(),
        ended.trace(status.jobId()),
        status.error().map(SimulatedOrchestrator::withoutJob));
  }

  /** A review comes later when the job must be taken over first. */
  private static Evidence withoutTime(Evidence evidence) {
    return evidence.reviewed(
        evidence.reviews().stream()
            .map(r -> new Evidence.ReviewRecord(r.reviewer(), Instant.EPOCH, r.rows(), r.note()))
            .toList());
  }

  /** A job whose submission was lost in a crash is submitted again and has another id. */
  private static ErrorInfo withoutJob(ErrorInfo error) {
    Map<String, String> subject = new HashMap<>(error.subject());
    subject.remove("job");
    return new ErrorInfo(error.code(), error.message(), error.retryable(), subject);
  }
}
