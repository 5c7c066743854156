package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.ModelRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an orchestrator, wired. What depends on the session in the store is a {@link Term};
 * a session that is lost ends its term, and the next one takes the jobs over.
 */
final class Machine {
  private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
  private static final Duration REOPEN = Duration.ofSeconds(1);

  private final Parts parts;
  private final Settings settings;
  private final DurationEstimator durations = new DurationEstimator();
  private volatile Subscription nodes = () -> {};
  private volatile Optional<Term> term = Optional.empty();
  private volatile boolean closed;

  /** What does not depend on a session. */
  record Parts(
      Execution.Shared shared,
      JobBook book,
      ModelRegistry models,
      BlobStore blobs,
      CostModel costModel,
      List<JobListener> listeners) {}

  /**
   * Numbers that the host may set.
   *
   * @param owner this orchestrator's name in the store
   * @param sessionTtl how long it may be silent before others take over
   * @param retained how many ended jobs are kept
   * @param closesEnvironment whether the environment is its own
   */
  record Settings(
      String owner,
      Duration sessionTtl,
      JobService.QueueLimits queue,
      int retained,
      boolean closesEnvironment) {}

  /** What lives as long as a session. */
  record Term(Tenure tenure, JobIntake intake, JobService jobs, Recovery recovery) {}

  Machine(Parts parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  /** Learns of the nodes, then takes over what is left of earlier owners. */
  void start() {
    nodes = dispatcher().transport().connect(dispatcher().nodes(), parts.blobs());
    begin();
  }

  Environment environment() {
    return dispatcher().environment();
  }

  JobBook book() {
    return parts.book();
  }

  ModelRegistry models() {
    return parts.models();
  }

  NodeRegistry nodes() {
    return dispatcher().nodes();
  }

  JobIntake intake() {
    return term().intake();
  }

  JobService jobs() {
    return term().jobs();
  }

  /** Makes a request to cancel durable. */
  void writeCancel(String jobId) {
    Tenure tenure = term().tenure();
    try {
      environment()
          .await(
              tenure
                  .store()
                  .commit(
                      tenure.commit(
                          List.of(), List.of(book().put(Keys.cancel(jobId), Boolean.TRUE)))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "interrupted while the request was written"), e);
    }
  }

  void register(ModelDescriptor model, Path file) {
    ErrorInfo invalid =
        ErrorInfo.of(
                ErrorCode.MODEL_INVALID,
                "the file's digest is another one than the descriptor's; allowed: the same")
            .about("model", model.id());
    try (InputStream content = Files.newInputStream(file)) {
      Digest digest = parts.blobs().put(content);
      if (!digest.equals(model.artifact().digest())) {
        parts.blobs().delete(digest);
        throw new DimException(invalid);
      }
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.MODEL_INVALID, "the model's file could not be copied")
              .about("model", model.id()),
          e);
    }
    parts.models().register(model);
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    nodes.close();
    term.ifPresent(this::end);
    dispatcher().transport().close();
    if (settings.closesEnvironment()) {
      environment().close();
    }
  }

  private Term term() {
    return term.filter(t -> !closed)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.UNAVAILABLE,
                    closed
                        ? "the orchestrator is closed"
                        : "the orchestrator's session in the store ended; it opens a new one"));
  }

  private void begin() {
    Tenure tenure =
        new Tenure(
            book().store(), environment(), settings.owner(), settings.sessionTtl(), this::lost);
    JobIntake intake =
        new JobIntake(parts.shared(), book(), tenure, parts.costModel(), parts.listeners());
    JobService jobs =
        new JobService(
            parts.shared(),
            book(),
            settings.queue(),
            durations,
            new Retention(tenure, book(), settings.retained()));
    Recovery recovery = new Recovery(tenure, book(), intake, jobs, settings.sessionTtl());
    term = Optional.of(new Term(tenure, intake, jobs, recovery));
    recovery.start();
  }

  /** The session expired: whatever runs now may have another owner. */
  private void lost() {
    LOG.warn("the session in the store ended; opening a new one");
    term.ifPresent(
        ended -> {
          ended.recovery().close();
          ended.jobs().leave(ErrorInfo.of(ErrorCode.FENCED, "the session in the store ended"));
        });
    term = Optional.empty();
    reopen();
  }

  private void reopen() {
    if (closed) {
      return;
    }
    try {
      begin();
    } catch (DimException unavailable) {
      environment().schedule(REOPEN, () -> environment().execute(this::reopen));
    }
  }

  private void end(Term ending) {
    ending.recovery().close();
    ending.jobs().handOver();
    ending.tenure().close();
    term = Optional.empty();
  }

  private Dispatcher dispatcher() {
    return parts.shared().dispatcher();
  }
}
