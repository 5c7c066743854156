package io.powernode.dim.testkit;

import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryModelRegistry;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Finds out whether an engine is deterministic given its recorded answers. It runs a job to its end
 * on a real orchestrator with fake nodes; then again for every commit of that run, killing the
 * orchestrator just before and just after the commit and letting another one take over from the
 * same store, which keeps bytes only: one in memory, unless {@link #store} names another. Every run
 * must come to the same outcome, and keep the promises that {@link JournalAudit} checks.
 *
 * <p>What may differ from run to run by nature, because it depends on who answers first or on
 * chance, is kept out of the job: fixed nodes, no grace, fake nodes that answer the same whatever
 * the order. Not thread-safe.
 */
public final class EngineCrashHarness {
  private static final Duration SLACK = Duration.ofHours(1);

  private final JobSpec job;
  private final List<Named> plugins = new ArrayList<>();
  private final List<Function<Environment, FakeNode>> nodes = new ArrayList<>();
  private final ModelRegistry models = new InMemoryModelRegistry();
  private UnaryOperator<OrchestratorBuilder> settings = UnaryOperator.identity();
  private Optional<Function<ReviewRequest, Review>> expert = Optional.empty();
  private BiPredicate<JobOutcome, JobOutcome> same = Object::equals;
  private Optional<Supplier<StateStore>> stores = Optional.empty();
  private int every = 1;
  private long seed = 1;

  private EngineCrashHarness(JobSpec job) {
    this.job = job;
  }

  /** A harness for this job, which must end within an hour after its time limit. */
  public static EngineCrashHarness of(JobSpec job) {
    return new EngineCrashHarness(job);
  }

  /** Adds the engine, or what else the job names, besides the plugins on the class path. */
  public EngineCrashHarness plugin(Named plugin) {
    plugins.add(plugin);
    return this;
  }

  /** Adds a model that the job names; its file is never asked for. */
  public EngineCrashHarness model(ModelDescriptor model) {
    models.register(model);
    return this;
  }

  /** Adds a node, made anew for every run and scripted the same way each time. */
  public EngineCrashHarness node(Function<Environment, FakeNode> node) {
    nodes.add(node);
    return this;
  }

  /** Sets further options of the orchestrators: retries, node selection. */
  public EngineCrashHarness orchestrator(UnaryOperator<OrchestratorBuilder> more) {
    settings = more;
    return this;
  }

  /** Answers the reviews that the job asks for, each time that it does; in part or in full. */
  public EngineCrashHarness expert(Function<ReviewRequest, Review> answers) {
    expert = Optional.of(answers);
    return this;
  }

  /**
   * Keeps each run in a store of its own, which is closed after it. Since its clock is not the
   * simulation's, the sessions of a killed orchestrator are ended instead of waiting for their
   * expiry.
   *
   * @param fresh makes an empty one
   */
  public EngineCrashHarness store(Supplier<StateStore> fresh) {
    stores = Optional.of(fresh);
    return this;
  }

  /** Crashes only at every nth commit, beginning with the first; 1 or more. */
  public EngineCrashHarness crashEvery(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n: is too small; allowed: 1 or more");
    }
    every = n;
    return this;
  }

  /** What counts as the same outcome; equality unless said otherwise. */
  public EngineCrashHarness same(BiPredicate<JobOutcome, JobOutcome> comparison) {
    same = comparison;
    return this;
  }

  /** The seed of every run; 1 unless said otherwise. */
  public EngineCrashHarness seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Runs the job undisturbed and then with every crash.
   *
   * @return what the undisturbed run came to
   * @throws AssertionError naming the first crash after which something differs, and what
   */
  public Report run() {
    Run undisturbed = new Run(CrashPoint.NEVER);
    JobOutcome expected = undisturbed.toItsEnd();
    int commits = undisturbed.commits;
    int crashes = 0;
    for (int commit = 1; commit <= commits; commit += every) {
      for (boolean durable : new boolean[] {false, true}) {
        CrashPoint point = new CrashPoint(commit, durable);
        JobOutcome actual = new Run(point).toItsEnd();
        if (!same.test(expected, actual)) {
          throw failure(point, "the outcome was " + actual + " instead of " + expected);
        }
        crashes++;
      }
    }
    return new Report(expected, undisturbed.steps, crashes);
  }

  /**
   * What a harness found.
   *
   * @param outcome of the undisturbed run, and so of every other
   * @param steps how many steps were sent and recorded
   * @param crashes how many crashes the job survived
   */
  public record Report(JobOutcome outcome, long steps, int crashes) {}

  private static AssertionError failure(CrashPoint point, String problem) {
    return new AssertionError(
        (point.equals(CrashPoint.NEVER) ? "undisturbed: " : "crash " + point + ": ") + problem);
  }

  /** One run of the job, over the death of one orchestrator if there is a crash point. */
  private final class Run {
    private final CrashPoint point;
    private final JournalAudit audit = new JournalAudit();
    private int commits;
    private long steps;

    Run(CrashPoint point) {
      this.point = point;
    }

    JobOutcome toItsEnd() {
      try (SimulatedEnvironment environment = new SimulatedEnvironment(seed);
          StateStore kept = store(environment)) {
        List<FakeNode> fakes = nodes.stream().map(make -> make.apply(environment)).toList();
        StateStore store = audit.watch(kept);
        SimulatedOrchestrator first = start(environment, store, fakes, point);
        SimulatedOrchestrator last = first;
        if (!environment.runUntil(first::isOver, job.timeout().plus(SLACK))) {
          throw failure(point, "the job does not end; parked: " + environment.parked());
        }
        if (first.isDead() == point.equals(CrashPoint.NEVER)) {
          throw failure(point, "the same seed had another history");
        }
        if (first.isDead()) {
          endSessions(kept);
          last = start(environment, store, fakes, CrashPoint.NEVER);
          if (!environment.runUntil(last::isOver, job.timeout().plus(SLACK))) {
            throw failure(point, "the job does not end; parked: " + environment.parked());
          }
        }
        commits = first.commits();
        steps = audit.stepsRecorded();
        check(fakes);
        return last.outcome();
      } catch (IllegalStateException e) {
        throw (AssertionError) failure(point, "work failed").initCause(e);
      }
    }

    private StateStore store(Environment environment) {
      return stores.isPresent()
          ? new SynchronousStore(stores.get().get())
          : new EncodingStore(InMemoryStateStore.create(environment));
    }

    /** Those of a store in memory expire, since it judges by the simulation's clock. */
    private void endSessions(StateStore kept) {
      if (kept instanceof SynchronousStore real) {
        real.endSessions();
      }
    }

    private SimulatedOrchestrator start(
        SimulatedEnvironment environment,
        StateStore store,
        List<FakeNode> fakes,
        CrashPoint crash) {
      SimulatedProcess process = environment.process();
      CrashPoint.Store crashing = new CrashPoint.Store(store, process, crash);
      OrchestratorBuilder builder =
          settings
              .apply(Dim.orchestrator())
              .environment(new UnhurriedEnvironment(process))
              .store(process.connect(crashing))
              .models(models);
      plugins.forEach(builder::plugin);
      fakes.forEach(node -> builder.node(process.connect(audit.watch(node))));
      return new SimulatedOrchestrator(process, crashing, builder, job, expert);
    }

    private void check(List<FakeNode> fakes) {
      List<String> broken = new ArrayList<>(audit.violations());
      if (steps == 0 && fakes.stream().anyMatch(node -> !node.log().calls().isEmpty())) {
        broken.add("no recorded step was seen: the audit is blind");
      }
      if (!broken.isEmpty()) {
        throw failure(point, String.join("; ", broken));
      }
    }
  }
}
