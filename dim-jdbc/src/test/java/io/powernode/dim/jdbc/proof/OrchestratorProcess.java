package io.powernode.dim.jdbc.proof;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.patterns.simulation.RandomNodes;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * An orchestrator with nodes of its own in a process of its own, to be killed: does what its
 * auditor asks for, and reports everything.
 */
final class OrchestratorProcess {
  static final int NODES = 4;
  private static final int MODELS = 6;
  private static final int COMMANDS = 16;
  private static final int REPLIES = 400;
  private static final int OUT_OF = 100;
  private static final int LONGEST_MILLIS = 60;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration REVIVAL = Duration.ofSeconds(1);

  private final Settings settings;
  private final Environment environment = new WanderingClock();
  private final Reports reports;
  private final List<FakeNode> nodes = new ArrayList<>();

  private OrchestratorProcess(Settings settings) throws IOException {
    this.settings = settings;
    this.reports = new Reports(Wire.connect(settings.port(), Auditor.REPORTS, settings.name()));
  }

  /**
   * What a process is told at its start.
   *
   * @param port of the auditor
   * @param name of the process, as the auditor knows it
   * @param ttlMillis of the session
   * @param seed for its nodes
   * @param models where the models' files are
   */
  record Settings(
      int port, String name, long ttlMillis, long seed, Path models, Database database) {
    String[] arguments() {
      return new String[] {
        Integer.toString(port),
        name,
        Long.toString(ttlMillis),
        Long.toString(seed),
        models.toString(),
        database.argument()
      };
    }

    static Settings parse(String... args) {
      return new Settings(
          Integer.parseInt(args[0]),
          args[1],
          Long.parseLong(args[2]),
          Long.parseLong(args[3]),
          Path.of(args[4]),
          Database.parse(args[5]));
    }
  }

  static String owner(String name) {
    return "orchestrator-" + name;
  }

  public static void main(String[] args) throws IOException {
    new OrchestratorProcess(Settings.parse(args)).run();
  }

  private void run() throws IOException {
    Orchestrator orchestrator = orchestrator();
    for (int i = 0; i < COMMANDS; i++) {
      Wire wire = Wire.connect(settings.port(), Auditor.COMMANDS, settings.name());
      new Thread(new Commands(orchestrator, wire)).start();
    }
    reviveNodes();
  }

  /** Tries until the store can be reached, as whoever starts services does. */
  private Orchestrator orchestrator() {
    RandomNodes drawn = new Nodes();
    for (int i = 0; i < NODES; i++) {
      nodes.add(drawn.node(i));
    }
    while (true) {
      try {
        StateStore store = settings.database().store().environment(environment).build();
        try {
          return builder(store).build();
        } catch (DimException e) {
          store.close();
          throw e;
        }
      } catch (DimException e) {
        if (!e.retryable()) {
          throw e;
        }
        reports.tell(Auditor.NOTE, "not started: " + e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private OrchestratorBuilder builder(StateStore store) {
    OrchestratorBuilder builder =
        Dim.orchestrator()
            .id(owner(settings.name()))
            .environment(environment)
            .store(new ReportingStore(store, reports))
            .sessionTtl(Duration.ofMillis(settings.ttlMillis()))
            .retainedJobs(Integer.MAX_VALUE)
            .listener(this::heard);
    nodes.forEach(node -> builder.node(new ReportingNode(node, reports)));
    for (int i = 0; i < MODELS; i++) {
      builder.model(
          FakeModels.model("m" + i).withLabels(List.of("no", "yes")),
          settings.models().resolve("m" + i));
    }
    return builder;
  }

  private void heard(JobUpdate update) {
    if (update.state().isTerminal()) {
      reports.tell(Auditor.ENDED, update.jobId(), update.state().name());
    }
  }

  private void reviveNodes() {
    nodes.forEach(FakeNode::comeBack);
    environment.schedule(REVIVAL, this::reviveNodes);
  }

  /** Nodes whose actions happen in the auditor's world. */
  private final class Nodes extends RandomNodes {
    Nodes() {
      super(new SplittableRandom(settings.seed()), environment, REPLIES, OUT_OF, LONGEST_MILLIS);
    }

    @Override
    protected Map<String, Tensor> act(TaskEnvelope task) {
      String action = ((TaskEnvelope.Work.Action) task.work()).name();
      String verdict =
          reports.ask(Auditor.EFFECT, task.id().jobId(), task.id().idempotencyKey(), action).get(0);
      if (verdict.equals(Auditor.FENCED)) {
        throw new DimException(ErrorCode.FENCED, "an older epoch than seen");
      }
      return super.act(task);
    }
  }
}
