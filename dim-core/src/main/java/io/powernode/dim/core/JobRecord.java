package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.ReviewRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store keeps of a job.
 *
 * @param models as pinned at submit, by id
 * @param error why it failed; before it has ended, why it must end
 * @param review what it waits for, while it waits
 */
record JobRecord(
    Identity id,
    JobSpec spec,
    Map<String, ModelDescriptor> models,
    Lifecycle life,
    Account account,
    Optional<ErrorInfo> error,
    Optional<PendingReview> review) {

  JobRecord {
    models = Map.copyOf(models);
  }

  /** Whose job it is. */
  record Identity(String jobId, String userId) {}

  /**
   * Where it stands.
   *
   * @param epoch of the session that owns it
   * @param term the fencing token for nodes: 1 for its first owner, one more for each later one,
   *     since the session of a later owner may be the older one
   * @param takeovers how often it was found running without a living owner
   * @param remaining how long it may still run
   */
  record Lifecycle(
      JobState state,
      long epoch,
      long term,
      int takeovers,
      Instant submittedAt,
      Optional<Instant> endedAt,
      Duration remaining) {

    Lifecycle in(JobState newState) {
      return new Lifecycle(newState, epoch, term, takeovers, submittedAt, endedAt, remaining);
    }

    Lifecycle ended(JobState newState, Instant at) {
      return new Lifecycle(
          newState, epoch, term, takeovers, submittedAt, Optional.of(at), remaining);
    }

    Lifecycle remaining(Duration time) {
      return new Lifecycle(state, epoch, term, takeovers, submittedAt, endedAt, time);
    }

    Lifecycle ownedBy(long newEpoch, int newTakeovers) {
      return new Lifecycle(
          state, newEpoch, term + 1, newTakeovers, submittedAt, endedAt, remaining);
    }
  }

  /** What it took so far, as people see it. */
  record Account(long cost, List<NodeProgress> nodes, Progress progress) {
    Account {
      nodes = List.copyOf(nodes);
    }

    static Account none() {
      return new Account(0, List.of(), Progress.none());
    }
  }

  /**
   * A review that was asked for.
   *
   * @param step under which the engine asked, in full
   * @param asked digest of what was asked, under which the answer is journaled
   * @param left how long the expert may still take; zero when no answer is taken any more
   */
  record PendingReview(String step, ReviewRequest request, Digest asked, Optional<Duration> left) {

    PendingReview left(Duration time) {
      return new PendingReview(step, request, asked, Optional.of(time));
    }

    boolean isOver() {
      return left.filter(Duration::isZero).isPresent();
    }
  }

  String jobId() {
    return id.jobId();
  }

  JobState state() {
    return life.state();
  }

  JobRecord with(Lifecycle newLife) {
    return new JobRecord(id, spec, models, newLife, account, error, review);
  }

  JobRecord with(Account newAccount) {
    return new JobRecord(id, spec, models, life, newAccount, error, review);
  }

  JobRecord withError(Optional<ErrorInfo> why) {
    return new JobRecord(id, spec, models, life, account, why, review);
  }

  JobRecord withReview(Optional<PendingReview> pending) {
    return new JobRecord(id, spec, models, life, account, error, pending);
  }

  JobStatus status(Optional<Duration> estimate) {
    return new JobStatus(
        id.jobId(),
        life.state(),
        spec.pattern(),
        id.userId(),
        account.progress(),
        life.state().isTerminal() ? Optional.empty() : estimate,
        account.cost(),
        account.nodes(),
        error.filter(why -> life.state().isTerminal()),
        review.filter(asked -> state() == JobState.AWAITING_REVIEW).map(PendingReview::request),
        life.submittedAt(),
        life.endedAt());
  }
}
