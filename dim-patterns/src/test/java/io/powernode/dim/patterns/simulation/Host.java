package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InProcessTransport;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.ForwardingStore;
import io.powernode.dim.testkit.SimulatedEnvironment;
import io.powernode.dim.testkit.SimulatedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A place where an orchestrator runs, sleeps, dies in the middle of a commit, and starts anew. */
final class Host {
  static final Duration TTL = Duration.ofSeconds(3);

  private final String name;
  private final World world;
  private final List<String> faults = new ArrayList<>();
  private Optional<Life> life = Optional.empty();

  /** What all hosts share. */
  record World(
      SimulatedEnvironment environment,
      StateStore store,
      List<AuditedNode> nodes,
      ModelRegistry models,
      RandomGenerator random,
      History history) {}

  Host(String name, World world) {
    this.name = name;
    this.world = world;
  }

  /** What no orchestrator may do to those who listen to it. */
  List<String> faults() {
    return faults;
  }

  /** Whether an orchestrator runs here, awake or not. */
  boolean isUp() {
    return life.filter(Life::isUp).isPresent();
  }

  /** Whether it is to be started: it died, was closed, or could not start. */
  boolean isDown() {
    return life.filter(l -> !l.isOver()).isEmpty();
  }

  boolean isPaused() {
    return life.filter(l -> !l.isOver() && l.process.isPaused()).isPresent();
  }

  boolean isAwake() {
    return isUp() && !isPaused();
  }

  void start() {
    Life begun = new Life();
    life = Optional.of(begun);
    begun.process.execute(begun::begin);
  }

  void kill() {
    happens("is killed");
    life.ifPresent(l -> l.process.kill());
  }

  /** Dies as it hands in its next commit but so many. */
  void killAtCommit(int number) {
    life.ifPresent(l -> l.commitsLeft = number);
  }

  void pause() {
    happens("sleeps");
    life.ifPresent(l -> l.process.pause());
  }

  void resume() {
    happens("wakes");
    life.ifPresent(l -> l.process.resume());
  }

  /** Ends in good order, as an operator ends it. */
  void close() {
    happens("is closed");
    life.ifPresent(
        l ->
            run(
                dim -> {
                  dim.close();
                  l.isClosed = true;
                }));
  }

  /** Lets a node leave for a moment. */
  void reconnect(AuditedNode node) {
    life.filter(Life::isUp)
        .ifPresent(
            l -> {
              l.transport.remove(node.profile().nodeId());
              l.transport.add(l.process.connect(node));
            });
  }

  /** Calls the orchestrator on a thread of its process; what it refuses is written down. */
  void run(Consumer<Orchestrator> call) {
    life.filter(Life::isUp)
        .ifPresent(
            l ->
                l.process.execute(
                    () -> {
                      try {
                        call.accept(l.dim.orElseThrow());
                      } catch (DimException refused) {
                        happens("refuses: " + refused.code());
                      }
                    }));
  }

  private void happens(String what) {
    world.history.add(name + " " + what);
  }

  /** One process. */
  private final class Life {
    private final SimulatedProcess process = world.environment.process();
    private final InProcessTransport transport = new InProcessTransport(process);
    private final Set<String> ended = new HashSet<>();
    private Optional<Orchestrator> dim = Optional.empty();
    private boolean isClosed; // Or never began.
    private int commitsLeft = Integer.MAX_VALUE;

    boolean isOver() {
      return isClosed || !process.isAlive();
    }

    boolean isUp() {
      return dim.isPresent() && !isOver();
    }

    void begin() {
      world.nodes.forEach(node -> transport.add(process.connect(node)));
      try {
        dim =
            Optional.of(
                Dim.orchestrator()
                    .environment(process)
                    .store(process.connect(new Deadly(world.store)))
                    .transport(transport)
                    .models(world.models)
                    .id(name)
                    .sessionTtl(TTL)
                    .maxConcurrentJobs(1 + world.random.nextInt(4))
                    .listener(this::heard)
                    .build());
        happens("is up");
      } catch (DimException storeDown) {
        happens("cannot start: " + storeDown.code());
        isClosed = true;
      }
    }

    private void heard(JobUpdate update) {
      happens("hears " + update.jobId() + " " + update.state() + " " + update.progress());
      if (!ended.isEmpty() && ended.contains(update.jobId())) {
        faults.add(name + " heard of " + update.jobId() + " after its end");
      }
      if (update.state().isTerminal()) {
        ended.add(update.jobId());
      }
    }

    /** The way to the store, on which the process may die. */
    private final class Deadly extends ForwardingStore {
      Deadly(StateStore store) {
        super(store);
      }

      @Override
      public CompletionStage<CommitResult> commit(Commit commit) {
        if (commitsLeft-- == 0) {
          boolean handedIn = world.random.nextBoolean();
          if (handedIn) {
            super.commit(commit);
          }
          happens("dies " + (handedIn ? "after" : "before") + " a commit");
          process.kill();
        }
        return super.commit(commit);
      }
    }
  }
}
