package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.testkit.JournalAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * People who use whichever orchestrator answers, and remember what they were told. A submit that
 * was not answered is tried again under its idempotency key.
 */
final class Clients {
  private static final Set<ErrorCode> REFUSALS =
      EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.OVERLOADED);
  private static final Set<ErrorCode> TOO_LATE =
      EnumSet.of(ErrorCode.CONFLICT, ErrorCode.INVALID_ARGUMENT, ErrorCode.UNAVAILABLE);

  private final JournalAudit audit;
  private final History history;
  private final Map<String, JobSpec> wanted = new LinkedHashMap<>();
  private final Map<String, JobSpec> accepted = new LinkedHashMap<>();
  private final Map<String, Set<String>> reviewers = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private int reviews;

  Clients(JournalAudit audit, History history) {
    this.audit = audit;
    this.history = history;
  }

  /** The jobs that were acknowledged, by id. */
  Map<String, JobSpec> accepted() {
    return accepted;
  }

  List<String> jobs() {
    return List.copyOf(accepted.keySet());
  }

  /** Who was told that a job's review was handed in. */
  Set<String> reviewersOf(String jobId) {
    return reviewers.getOrDefault(jobId, Set.of());
  }

  /** What no orchestrator may answer. */
  List<String> faults() {
    return faults;
  }

  /** Whether every job that is wanted was acknowledged and has ended. */
  boolean areServed() {
    return wanted.isEmpty() && audit.ended().keySet().containsAll(accepted.keySet());
  }

  void want(JobSpec job) {
    String key = "key " + (wanted.size() + accepted.size());
    JobSpec keyed =
        new JobSpec(
            job.config(),
            job.priority(),
            job.maxCost(),
            job.timeout(),
            Optional.of(key),
            job.purpose(),
            job.inputData());
    wanted.put(key, keyed);
  }

  /** Submits what was not acknowledged yet. */
  void submit(Host host) {
    List.copyOf(wanted.values())
        .forEach(job -> host.run(dim -> refusable(REFUSALS, () -> submit(dim, job))));
  }

  private void submit(Orchestrator dim, JobSpec job) {
    String key = job.idempotencyKey().orElseThrow();
    String id = dim.as("user").submit(job).jobId();
    history.add(key + " is " + id);
    wanted.remove(key);
    JobSpec same = accepted.put(id, job);
    if (same != null && !same.equals(job)) {
      faults.add(id + " stands for two jobs");
    }
  }

  void cancel(Host host, String jobId) {
    host.run(
        dim ->
            refusable(
                EnumSet.of(ErrorCode.UNAVAILABLE),
                () -> history.add("cancel " + jobId + ": " + dim.cancel(jobId))));
  }

  /** Waits for a job, which must have ended when the wait does. */
  void await(Host host, String jobId) {
    host.run(
        dim -> {
          try {
            dim.await(jobId, Duration.ofMinutes(1));
          } catch (DimException e) {
            boolean goesOn =
                e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.TASK_TIMEOUT;
            if (goesOn && !audit.ended().containsKey(jobId)) {
              return;
            }
          }
          history.add("waited for " + jobId);
          if (!audit.ended().containsKey(jobId)) {
            faults.add("somebody waited for " + jobId + ", which has not ended");
          }
        });
  }

  void review(Host host, String jobId) {
    host.run(dim -> refusable(TOO_LATE, () -> review(dim, jobId)));
  }

  private void review(Orchestrator dim, String jobId) {
    Optional<ReviewRequest> request = dim.status(jobId).review();
    if (request.isEmpty()) {
      return;
    }
    Map<String, String> decisions = new HashMap<>();
    request.get().items().forEach(item -> decisions.put(item.row(), "yes"));
    String reviewer = "expert " + ++reviews;
    dim.review(jobId, new Review(reviewer, decisions, Optional.empty()));
    history.add(reviewer + " reviewed " + jobId);
    reviewers.computeIfAbsent(jobId, id -> new HashSet<>()).add(reviewer);
  }

  private void refusable(Set<ErrorCode> allowed, Runnable call) {
    try {
      call.run();
    } catch (DimException refused) {
      history.add("refused: " + refused.getMessage());
      if (!allowed.contains(refused.code())) {
        faults.add("refused with " + refused.code() + ": " + refused.getMessage());
      }
    }
  }
}
