package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.InMemoryModelRegistry;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.JournalAudit;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Random jobs on random nodes and up to three orchestrators that share a store: with cancels and
 * reviews at any of them, nodes that come and go, orchestrators that die, sleep and are closed, and
 * a store that fails. All of it is drawn from one seed. In the end everything heals, and then every
 * promise must have been kept.
 */
public final class Simulation implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final ModelRegistry MODELS = models();

  /** No job ends so, whatever happens to its orchestrators. */
  private static final Set<ErrorCode> OURS_TO_SETTLE =
      EnumSet.of(
          ErrorCode.FENCED,
          ErrorCode.CONFLICT,
          ErrorCode.UNAVAILABLE,
          ErrorCode.ENGINE_FAULT,
          ErrorCode.INTERNAL);

  private final SplittableRandom random;
  private final SimulatedEnvironment environment;
  private final History history;
  private final JournalAudit audit = new JournalAudit();
  private final StateStore memory;
  private final UnreliableStore store;
  private final List<AuditedNode> nodes = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();
  private final Map<String, Integer> applied = new HashMap<>();
  private final List<String> afterUndoing = new ArrayList<>();
  private final Clients clients;

  Simulation(long seed) {
    random = new SplittableRandom(seed);
    environment = new SimulatedEnvironment(random.nextLong());
    history = new History(environment);
    clients = new Clients(audit, history);
    memory = audit.watch(InMemoryStateStore.create(environment));
    store =
        new UnreliableStore(
            memory,
            environment,
            random.split(),
            random.nextInt(3) == 0 ? 0 : 10 + random.nextInt(90));
    RandomNodes drawn =
        new RandomNodes(random, environment) {
          @Override
          protected Map<String, Tensor> act(TaskEnvelope task) {
            String key = task.id().idempotencyKey();
            applied.merge(key, 1, Integer::sum);
            if (applied.containsKey(key + "/undo")) {
              afterUndoing.add(key);
            }
            return super.act(task);
          }
        };
    int count = 3 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      nodes.add(new AuditedNode(drawn.node(i), audit, history));
    }
    Host.World world = new Host.World(environment, store, nodes, MODELS, random.split(), history);
    count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      hosts.add(new Host("o" + i, world));
    }
  }

  private static ModelRegistry models() {
    ModelRegistry models = new InMemoryModelRegistry();
    for (int i = 0; i <= 5; i++) {
      models.register(FakeModels.model("m" + i).withLabels(List.of("no", "yes")));
    }
    return models;
  }

  /** Runs to the end and returns what happened. */
  List<String> run() {
    RandomJobs drawn =
        new RandomJobs(random, nodes.stream().map(n -> n.profile().nodeId()).toList());
    hosts.forEach(Host::start);
    int count = 1 + random.nextInt(5);
    int steps = 8 + random.nextInt(24);
    for (int i = 0; i < steps; i++) {
      if (i < count) {
        clients.want(drawn.next());
      }
      disturb();
      use();
      environment.advance(Duration.ofMillis(random.nextInt(600)));
    }
    heal();
    long end = environment.nanoTime() + LIMIT.toNanos();
    while (!clients.areServed()) {
      if (environment.nanoTime() > end) {
        throw new AssertionError(
            "jobs that never end: "
                + clients.jobs()
                + audit.ended()
                + environment.parked()
                + "\n"
                + String.join("\n", history.events()));
      }
      hosts.stream().filter(Host::isDown).forEach(Host::start);
      use();
      environment.advance(Duration.ofSeconds(1));
    }
    // What is still under way, in the store and at the nodes, comes to its end.
    environment.advance(Duration.ofSeconds(5));
    new TreeSet<>(audit.ended().keySet())
        .forEach(id -> history.add(id + " " + audit.ended().get(id)));
    return history.events();
  }

  /** What went wrong; empty if every promise was kept. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(audit.violations());
    nodes.forEach(node -> faults.addAll(node.faults()));
    hosts.forEach(host -> faults.addAll(host.faults()));
    faults.addAll(clients.faults());
    applied.forEach(
        (key, times) -> {
          if (times > 1) {
            faults.add("the effect " + key + " took place " + times + " times");
          }
        });
    afterUndoing.forEach(key -> faults.add("the effect " + key + " came after its undoing"));
    for (String index : List.of("intents", "journal", "jobs.owner")) {
      memory
          .scan(index, "", Optional.empty(), 10)
          .entries()
          .forEach(entry -> faults.add(entry.key() + " is left in the store"));
    }
    int kept = memory.scan("jobs", "", Optional.empty(), 100).entries().size();
    if (kept != clients.accepted().size()) {
      faults.add(kept + " jobs in the store, acknowledged were " + clients.jobs());
    }
    anyAwake().run(dim -> clients.accepted().forEach((id, job) -> check(dim, id, job, faults)));
    environment.runUntilIdle();
    return faults;
  }

  private void check(Orchestrator dim, String id, JobSpec job, List<String> faults) {
    JobStatus status = dim.status(id);
    if (status.state() != audit.ended().get(id)) {
      faults.add(id + " is shown as " + status.state() + " and is " + audit.ended().get(id));
    }
    if (status.state() == JobState.COMPLETED) {
      JobResult result = dim.result(id);
      faults.addAll(Promises.ofCompleted(id, job, result));
      List<String> heeded =
          result.evidence().reviews().stream().map(Evidence.ReviewRecord::reviewer).toList();
      if (!heeded.containsAll(clients.reviewersOf(id))) {
        faults.add(id + " was reviewed by " + clients.reviewersOf(id) + ", heeded are " + heeded);
      }
    } else if (status.error().isEmpty()) {
      faults.add(id + " is " + status.state() + " without an error");
    } else if (OURS_TO_SETTLE.contains(status.error().get().code())) {
      faults.add(id + " ended with " + status.error().get());
    }
    faults.addAll(Promises.ofEffects(id, status, nodes));
  }

  /** What people do. */
  private void use() {
    List<Host> awake = hosts.stream().filter(Host::isAwake).toList();
    if (awake.isEmpty()) {
      return;
    }
    clients.submit(any(awake));
    if (clients.jobs().isEmpty()) {
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> clients.cancel(any(awake), any(clients.jobs()));
      case 1, 2 -> clients.await(any(awake), any(clients.jobs()));
      case 3 -> any(awake).run(dim -> dim.status(any(clients.jobs())));
      case 4, 5, 6, 7 -> clients.jobs().forEach(id -> clients.review(any(awake), id));
      default -> {}
    }
  }

  /** What goes wrong. */
  private void disturb() {
    Host host = any(hosts);
    switch (random.nextInt(24)) {
      case 0 -> any(nodes).node().vanish();
      case 1, 2, 3 -> any(nodes).node().comeBack();
      case 4 -> host.reconnect(any(nodes));
      case 5 -> store.down(true);
      case 6, 7, 8 -> store.down(false);
      case 9 -> host.kill();
      case 10, 11 -> host.killAtCommit(random.nextInt(10));
      case 12 -> host.close();
      case 13 -> host.pause();
      case 14, 15 -> hosts.stream().filter(Host::isPaused).forEach(Host::resume);
      case 16, 17, 18 -> hosts.stream().filter(Host::isDown).findFirst().ifPresent(Host::start);
      default -> {}
    }
  }

  /** Everything works again. */
  private void heal() {
    history.add("everything heals");
    store.heal();
    nodes.forEach(node -> node.node().comeBack());
    for (Host host : hosts) {
      host.killAtCommit(Integer.MAX_VALUE);
      if (host.isPaused()) {
        host.resume();
      }
    }
  }

  private Host anyAwake() {
    while (hosts.stream().noneMatch(Host::isAwake)) {
      hosts.stream().filter(Host::isDown).forEach(Host::start);
      environment.advance(Duration.ofSeconds(1));
    }
    return hosts.stream().filter(Host::isAwake).findFirst().orElseThrow();
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @Override
  public void close() {
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
          status.error().filter(e -> e.code() == ErrorCode.COMPENSATION_FAILED).isPresent();
      return status.state() == JobState.COMPLETED || admitsFailure || unbooked >= booked
          ? List.of()
          : List.of(id + ": " + booked + " effects, " + unbooked + " undone, " + status.error());
    }
  }
}
