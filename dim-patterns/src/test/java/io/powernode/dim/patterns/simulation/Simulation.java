package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.core.InProcessTransport;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random jobs on random nodes, with cancels, reviews, nodes that come and go, and sometimes an
 * orchestrator that hands over to the next one: all of it drawn from one seed.
 */
public final class Simulation implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(250);
  private static final int MAX_STEPS = 2_000;
  private static final int MAX_HAND_OVERS = 5;

  private final SplittableRandom random;
  private final SimulatedEnvironment environment;
  private final History history;
  private final StateStore store;
  private final List<AuditedNode> nodes = new ArrayList<>();
  private final Map<String, JobSpec> jobs = new LinkedHashMap<>();
  private final Map<String, Integer> endings = new HashMap<>();
  private final Path models;
  private InProcessTransport transport;
  private Orchestrator dim;
  private int handOvers;

  Simulation(long seed, Path models) {
    this.models = models;
    random = new SplittableRandom(seed);
    environment = new SimulatedEnvironment(random.nextLong());
    history = new History(environment);
    store = InMemoryStateStore.create(environment);
    RandomNodes drawn = new RandomNodes(random, environment);
    int count = 3 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      nodes.add(new AuditedNode(drawn.node(i), history));
    }
    open();
  }

  /** Runs to the end and returns what happened. */
  List<String> run() {
    RandomJobs drawn =
        new RandomJobs(random, nodes.stream().map(n -> n.profile().nodeId()).toList());
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      JobSpec job = drawn.next();
      jobs.put(dim.as("user" + random.nextInt(2)).submit(job).jobId(), job);
      disturb();
    }
    int steps = 0;
    while (!allEnded()) {
      if (++steps > MAX_STEPS) {
        throw new AssertionError(
            "jobs that never end: "
                + states()
                + environment.parked()
                + "\n"
                + String.join("\n", history.events()));
      }
      disturb();
      environment.advance(STEP);
    }
    environment.advance(Duration.ofMinutes(2));
    jobs.keySet().forEach(id -> history.add(id + " is " + dim.status(id).state()));
    return history.events();
  }

  /** What went wrong; empty if every promise was kept. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    nodes.forEach(node -> faults.addAll(node.faults()));
    for (String id : jobs.keySet()) {
      JobStatus status = dim.status(id);
      if (endings.getOrDefault(id, 0) != 1) {
        faults.add(id + " ended " + endings.getOrDefault(id, 0) + " times");
      }
      if (status.state() == JobState.COMPLETED) {
        faults.addAll(Promises.ofCompleted(id, jobs.get(id), dim.result(id)));
      } else if (status.error().isEmpty()) {
        faults.add(id + " is " + status.state() + " without an error");
      }
      faults.addAll(Promises.ofEffects(id, status, nodes));
    }
    return faults;
  }

  private void open() {
    transport = new InProcessTransport(environment);
    nodes.forEach(transport::add);
    OrchestratorBuilder builder =
        Dim.orchestrator()
            .environment(environment)
            .store(store)
            .transport(transport)
            .maxConcurrentJobs(1 + random.nextInt(4))
            .listener(this::heard);
    for (int i = 0; i <= 5; i++) {
      builder.model(
          FakeModels.model("m" + i).withLabels(List.of("no", "yes")), models.resolve("m" + i));
    }
    dim = builder.build();
  }

  private void heard(JobUpdate update) {
    history.add(update.jobId() + " becomes " + update.state() + " " + update.progress());
    if (update.state().isTerminal()) {
      endings.merge(update.jobId(), 1, Integer::sum);
    }
  }

  private void disturb() {
    switch (random.nextInt(24)) {
      case 0 -> {
        if (!jobs.isEmpty()) {
          String id = anyJob();
          history.add("cancel " + id + ": " + dim.cancel(id));
        }
      }
      case 1 -> anyNode().node().vanish();
      case 2, 3, 4 -> anyNode().node().comeBack();
      case 5 -> {
        AuditedNode node = anyNode();
        transport.remove(node.profile().nodeId());
        environment.advance(STEP);
        transport.add(node);
      }
      case 6 -> {
        if (handOvers++ >= MAX_HAND_OVERS) {
          return;
        }
        dim.close();
        environment.runUntilIdle();
        open();
      }
      case 7, 8, 9, 10 -> reviewAny();
      default -> {}
    }
  }

  private void reviewAny() {
    for (String id : jobs.keySet()) {
      Optional<ReviewRequest> request = dim.status(id).review();
      if (request.isPresent()) {
        Map<String, String> decisions = new HashMap<>();
        List<ReviewRequest.Item> items = request.get().items();
        int some = 1 + random.nextInt(items.size());
        items.stream().limit(some).forEach(item -> decisions.put(item.row(), "yes"));
        try {
          dim.review(id, new Review("expert", decisions, Optional.empty()));
          history.add("review " + id);
        } catch (DimException tooLate) {
          history.add("review " + id + " refused: " + tooLate.code());
        }
      }
    }
  }

  private boolean allEnded() {
    return jobs.keySet().stream().allMatch(id -> dim.status(id).state().isTerminal());
  }

  private Map<String, JobState> states() {
    Map<String, JobState> states = new LinkedHashMap<>();
    jobs.keySet().forEach(id -> states.put(id, dim.status(id).state()));
    return states;
  }

  private String anyJob() {
    return List.copyOf(jobs.keySet()).get(random.nextInt(jobs.size()));
  }

  private AuditedNode anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  @Override
  public void close() {
    dim.close();
    environment.close();
  }

  /** What a finished job must look like. */
  public static final class Promises {
    private Promises() {}

    /** Empty if it is as it must be. */
    public static List<String> ofCompleted(String id, JobSpec job, JobResult result) {
      List<String> faults = new ArrayList<>();
      if (job.pattern().equals("collaborative")) {
        double shares = 0;
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (Evidence.Contribution c : result.evidence().contributions()) {
          shares += c.weight();
          if (c.accepted()) {
            double truth = RandomNodes.truth(Integer.parseInt(c.nodeId().substring(1)));
            low = Math.min(low, truth);
            high = Math.max(high, truth);
          } else if (c.weight() != 0 || c.reason().isEmpty()) {
            faults.add(id + ": a contribution that was left out has weight or no reason");
          }
        }
        double answer = result.output().tensors().get("y").toDoubles()[0];
        if (Math.abs(shares - 1) > 1e-9 || answer < low - 1e-9 || answer > high + 1e-9) {
          faults.add(id + ": shares " + shares + ", answer " + answer + " of " + low + ".." + high);
        }
      } else if (job.pattern().equals("comparative")
          && result.output().decisions().size() < RandomNodes.ROWS) {
        faults.add(id + ": decisions are missing");
      } else if (job.pattern().equals("chained")
          && result.trace().stream().noneMatch(step -> step.name().equals("last"))) {
        faults.add(id + ": the trace lacks the last step");
      }
      return faults;
    }

    /** A job that did not complete, and does not say so, has undone all that it did. */
    static List<String> ofEffects(String id, JobStatus status, List<AuditedNode> nodes) {
      long booked = 0;
      long unbooked = 0;
      for (AuditedNode node : nodes) {
        for (String key : node.node().effects().keySet()) {
          if (key.startsWith(id + "/")) {
            boolean isUndo = key.contains("rollback") || key.contains("undo");
            booked += isUndo ? 0 : 1;
            unbooked += isUndo ? 1 : 0;
          }
        }
      }
      boolean admitsFailure =
          status
              .error()
              .filter(e -> e.code() == io.powernode.dim.api.ErrorCode.COMPENSATION_FAILED)
              .isPresent();
      return status.state() == JobState.COMPLETED || admitsFailure || unbooked >= booked
          ? List.of()
          : List.of(id + ": " + booked + " effects, " + unbooked + " undone, " + status.error());
    }
  }
}
