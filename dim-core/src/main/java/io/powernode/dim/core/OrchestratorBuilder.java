package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Wires an orchestrator: see {@link Dim#orchestrator}. Not thread-safe. */
public final class OrchestratorBuilder {
  private Optional<Environment> environment = Optional.empty();
  private Optional<StateStore> store = Optional.empty();
  private Optional<NodeTransport> transport = Optional.empty();
  private BlobStore blobs = new InMemoryBlobStore();
  private ModelRegistry models = new InMemoryModelRegistry();
  private NodeSelector selector = new WeightedNodeSelector();
  private CostModel costModel = new DefaultCostModel();
  private RetryPolicy retries = RetryPolicy.standard();
  private String owner = "orchestrator";
  private Duration sessionTtl = Duration.ofSeconds(15);
  private Duration nodeStaleAfter = NodeRegistry.STALE_AFTER;
  private double priorReputation = NodeRecord.PRIOR_REPUTATION;
  private int maxConcurrentJobs = 100;
  private int maxQueuedJobs = 10_000;
  private int retainedJobs = 10_000;
  private Optional<Duration> retainedFor = Optional.empty();
  private boolean retainJournals;
  private final List<NodeEndpoint> nodes = new ArrayList<>();
  private final List<Named> plugins = new ArrayList<>();
  private final List<JobListener> listeners = new ArrayList<>();
  private final Map<ModelDescriptor, Path> files = new LinkedHashMap<>();

  OrchestratorBuilder() {}

  /** Where jobs are kept; in memory, and so lost with the process, by default. */
  public OrchestratorBuilder store(StateStore value) {
    store = Optional.of(value);
    return this;
  }

  /** Where model files are kept; in memory by default. */
  public OrchestratorBuilder blobs(BlobStore value) {
    blobs = value;
    return this;
  }

  /** Clocks, randomness and threads; closed by whoever made it. */
  public OrchestratorBuilder environment(Environment value) {
    environment = Optional.of(value);
    return this;
  }

  /** How nodes are reached; in process by default. */
  public OrchestratorBuilder transport(NodeTransport value) {
    transport = Optional.of(value);
    return this;
  }

  /** Adds a node of this process. Goes with the in-process transport only. */
  public OrchestratorBuilder node(NodeEndpoint value) {
    nodes.add(value);
    return this;
  }

  /** Adds an engine, aggregator, consensus rule or reduction besides those on the class path. */
  public OrchestratorBuilder plugin(Named value) {
    plugins.add(value);
    return this;
  }

  /** Adds a model whose file is copied into the blob store. */
  public OrchestratorBuilder model(ModelDescriptor descriptor, Path file) {
    files.put(descriptor, file);
    return this;
  }

  /** Where models are known; in memory by default. */
  public OrchestratorBuilder models(ModelRegistry value) {
    models = value;
    return this;
  }

  /** How nodes are chosen. */
  public OrchestratorBuilder selector(NodeSelector value) {
    selector = value;
    return this;
  }

  /**
   * What jobs cost. By default, each task that succeeds costs one unit and one more for each 100 ms
   * begun that its node spent on it; a failed task is free, and an estimate supposes two units a
   * task.
   */
  public OrchestratorBuilder costModel(CostModel value) {
    costModel = value;
    return this;
  }

  /** How transient failures are retried. */
  public OrchestratorBuilder retries(RetryPolicy value) {
    retries = value;
    return this;
  }

  /** Adds a listener to the updates of all jobs. */
  public OrchestratorBuilder listener(JobListener value) {
    listeners.add(value);
    return this;
  }

  /** This orchestrator's name in the store, an identifier; unique among those that share it. */
  public OrchestratorBuilder id(String value) {
    owner = Ids.require("orchestrator id", value);
    return this;
  }

  /**
   * How long it may be silent before others take over its jobs; 1 second or more, 15 by default.
   */
  public OrchestratorBuilder sessionTtl(Duration value) {
    requireSecond(value, "sessionTtl");
    sessionTtl = value;
    return this;
  }

  /** How long a node may be silent before it is stale; 1 second or more, 120 by default. */
  public OrchestratorBuilder nodeStaleAfter(Duration value) {
    requireSecond(value, "nodeStaleAfter");
    nodeStaleAfter = value;
    return this;
  }

  /** The reputation of a node of which nothing is known yet; 0 to 1, 0.90 by default. */
  public OrchestratorBuilder priorReputation(double value) {
    Ranges.require(value >= 0 && value <= 1, "priorReputation", "0 to 1");
    priorReputation = value;
    return this;
  }

  /** How many jobs run at once; 1 or more, 100 by default. */
  public OrchestratorBuilder maxConcurrentJobs(int value) {
    Ranges.require(value >= 1, "maxConcurrentJobs", "1 or more");
    maxConcurrentJobs = value;
    return this;
  }

  /** How many jobs may wait for their turn; 0 or more, 10,000 by default. */
  public OrchestratorBuilder maxQueuedJobs(int value) {
    Ranges.require(value >= 0, "maxQueuedJobs", "0 or more");
    maxQueuedJobs = value;
    return this;
  }

  /**
   * How many ended jobs are kept, with their idempotency keys; 0 or more, 10,000 by default. The
   * longest ended go first, in batches, so that up to a hundred more, at most twice as many, may be
   * there for a while.
   */
  public OrchestratorBuilder retainedJobs(int value) {
    Ranges.require(value >= 0, "retainedJobs", "0 or more");
    retainedJobs = value;
    return this;
  }

  /**
   * How long ended jobs are kept, with their results and idempotency keys; 1 second or more,
   * without a limit by default. Counted from their end by the machine's wall clock, and looked at
   * every tenth of that time, between a second and a minute. Of the orchestrators that share a
   * store, the one that has run longest sees to it, so give all of them the same.
   */
  public OrchestratorBuilder retainedFor(Duration value) {
    requireSecond(value, "retainedFor");
    retainedFor = Optional.of(value);
    return this;
  }

  /**
   * Whether the journals of ended jobs, which hold every intermediate answer, are kept as long as
   * the jobs are. By default they go with the commit that ends the job.
   */
  public OrchestratorBuilder retainJournals(boolean value) {
    retainJournals = value;
    return this;
  }

  /**
   * The orchestrator, running; jobs in the store whose owner is gone are taken over.
   *
   * @throws DimException if two plugins share a name or one is of no kind that is used here, a
   *     model's file is not what its descriptor says, or the store cannot be reached
   */
  public Orchestrator build() {
    PluginSet pluginSet = new PluginSet(plugins);
    Environment env = environment.orElseGet(Environment::system);
    NodeTransport wire = transport.orElseGet(() -> new InProcessTransport(env));
    addNodes(wire);
    NodeRegistry registry = new NodeRegistry(env, nodeStaleAfter, priorReputation);
    DimJson json = json(pluginSet);
    Execution.Shared shared =
        new Execution.Shared(
            new Dispatcher(env, wire, registry, selector, retries),
            LiveCatalog.of(models, registry, pluginSet),
            pluginSet,
            json);
    StateStore state = store.orElseGet(() -> InMemoryStateStore.create(env));
    Machine machine =
        new Machine(
            new Machine.Parts(
                shared, new JobBook(state, json), models, blobs, costModel, List.copyOf(listeners)),
            new Machine.Settings(
                owner,
                sessionTtl,
                new JobService.QueueLimits(maxConcurrentJobs, maxQueuedJobs),
                new Retention.Limits(retainedJobs, retainedFor, retainJournals),
                environment.isEmpty()));
    machine.start(files);
    return new LocalOrchestrator(machine, Optional.empty());
  }

  private void addNodes(NodeTransport wire) {
    if (wire instanceof InProcessTransport local) {
      nodes.forEach(local::add);
    } else if (!nodes.isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "node: goes with the in-process transport; allowed: nodes that the transport reaches");
    }
  }

  private static DimJson json(PluginSet plugins) {
    DimJson json = DimJson.standard();
    for (String pattern : plugins.names(PatternEngine.class)) {
      json = json.with(pattern, plugins.engine(pattern).orElseThrow().specType());
    }
    return json;
  }

  private static void requireSecond(Duration value, String field) {
    Ranges.require(value.compareTo(Duration.ofSeconds(1)) >= 0, field, "1 s or more");
  }
}
