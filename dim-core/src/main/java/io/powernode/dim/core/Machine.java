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
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an orchestrator, wired. What depends on the session in the store is a {@link Term};
 * a session that is lost ends its term, and the next one takes the jobs over.
 */
final class Machine {
  private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private final Parts parts;
  private final Settings settings;
  private final DurationEstimator durations = new DurationEstimator();
  private final UpdateBoard updates;
  private final Committing committing;
  private final Intents intents;
  private final Set<Long> epochs = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private volatile Subscription connection = () -> {};
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
   * @param retained what is kept of ended jobs
   * @param closesEnvironment whether the environment is its own
   */
  record Settings(
      String owner,
      Duration sessionTtl,
      JobService.QueueLimits queue,
      Retention.Limits retained,
      boolean closesEnvironment) {}

  /** What lives as long as a session. */
  record Term(
      Tenure tenure, JobIntake intake, JobService jobs, Recovery recovery, Retention retention) {

    /** Begins to do what is to be done again and again. */
    void start() {
      recovery.start();
      retention.start();
    }

    /** Does nothing any more but for the jobs that are live. */
    void rest() {
      recovery.close();
      retention.close();
    }
  }

  Machine(Parts parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
    this.committing = new Committing(book().store(), environment());
    this.intents = new Intents(committing, book());
    this.updates =
        new UpdateBoard(
            environment(), book(), settings.owner(), parts.listeners(), id -> live(id).isPresent());
  }

  /** Learns of the models and nodes, then takes over what is left of earlier owners. */
  void start(Map<ModelDescriptor, Path> files) {
    try {
      files.forEach(this::register);
      connection = dispatcher().transport().connect(dispatcher().nodes(), parts.blobs());
      begin();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
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

  UpdateBoard updates() {
    return updates;
  }

  /** The job, while it has not ended and runs here. */
  Optional<JobRun> live(String jobId) {
    return term.flatMap(t -> t.jobs().live(jobId));
  }

  /**
   * The job, while it certainly runs here. While this orchestrator cannot tell whether its session
   * lives, another may own the job and even have ended it.
   */
  Optional<JobRun> known(String jobId) {
    return term.filter(t -> t.tenure().isSure()).flatMap(t -> t.jobs().live(jobId));
  }

  /** How long a job will probably still take. */
  Duration estimate(JobRecord record) {
    return term.map(t -> t.jobs().estimate(record))
        .orElseGet(() -> durations.estimate(record.spec().pattern()));
  }

  /** Where people's wishes for jobs are written down. */
  Intents intents() {
    return intents;
  }

  /** Does at once what was asked for a job, if it runs here. */
  void heed(Intent intent) {
    term.ifPresent(t -> t.jobs().heed(intent));
  }

  /** Checks the file before it is stored: a wrong one may be another model's, and stays. */
  void register(ModelDescriptor model, Path file) {
    try {
      requireFileOf(model, file);
      try (InputStream content = Files.newInputStream(file)) {
        requireFileOf(model, parts.blobs().put(content));
      }
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.MODEL_INVALID, "the model's file could not be copied")
              .about("model", model.id()),
          e);
    }
    parts.models().register(model);
  }

  private static void requireFileOf(ModelDescriptor model, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      requireFileOf(model, Digest.of(content));
    }
  }

  private static void requireFileOf(ModelDescriptor model, Digest digest) {
    if (!digest.equals(model.artifact().digest())) {
      throw new DimException(
          ErrorInfo.of(
                  ErrorCode.MODEL_INVALID,
                  "the file's digest is another one than the descriptor's; allowed: the same")
              .about("model", model.id()));
    }
  }

  void close() {
    Optional<Term> last;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      last = term;
    }
    connection.close();
    updates.close();
    last.ifPresent(this::end);
    dispatcher().transport().close();
    if (settings.closesEnvironment()) {
      environment().close();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * What lives as long as the session.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} while there is none
   */
  Term term() {
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
    boolean isAnother = !epochs.isEmpty();
    EndOrder order = new EndOrder(book(), environment());
    Tenure tenure =
        new Tenure(committing, settings.owner(), settings.sessionTtl(), isAnother, this::lost);
    epochs.add(tenure.epoch());
    JobIntake intake = new JobIntake(parts.shared(), book(), tenure, parts.costModel(), updates);
    Retention retention = new Retention(tenure, book(), order, settings.retained());
    JobService jobs =
        new JobService(parts.shared(), book(), settings.queue(), durations, retention);
    TakeOver takeOver = new TakeOver(tenure, book(), intake, jobs, epochs::contains);
    Recovery recovery = new Recovery(tenure, book(), jobs, takeOver, order, settings.sessionTtl());
    Term begun = new Term(tenure, intake, jobs, recovery, retention);
    synchronized (lock) {
      if (!closed) {
        term = Optional.of(begun);
      }
    }
    if (closed) {
      tenure.close();
    } else {
      begun.start();
    }
  }

  /** The session expired: whatever runs now may have another owner. */
  private void lost() {
    LOG.warn("the session in the store ended; opening a new one");
    Optional<Term> ended;
    synchronized (lock) {
      ended = term;
      term = Optional.empty();
    }
    ErrorInfo why = ErrorInfo.of(ErrorCode.FENCED, "the session in the store ended");
    try {
      ended.ifPresent(
          t -> {
            t.rest();
            t.jobs().leave(why);
          });
    } finally {
      Routine.start(
          environment(),
          Duration.ZERO,
          Tenure.REOPEN,
          "no new session in the store yet",
          this::reopen);
    }
  }

  private boolean reopen() {
    if (!closed) {
      begin();
    }
    return false;
  }

  /** Waits a little for the store, so that the next owner finds the jobs as they were left. */
  private void end(Term ending) {
    ending.rest();
    CompletableFuture<Void> durable = ending.jobs().handOver();
    CompletableFuture<Void> enough = durable.handle((done, lost) -> null);
    Subscription limit = environment().schedule(HAND_OVER, () -> enough.complete(null));
    try {
      Waiting.on(environment(), enough);
    } catch (DimException interrupted) {
      LOG.warn("closed without waiting for the store");
    } finally {
      limit.close();
      ending.tenure().close();
    }
  }

  private Dispatcher dispatcher() {
    return parts.shared().dispatcher();
  }
}
