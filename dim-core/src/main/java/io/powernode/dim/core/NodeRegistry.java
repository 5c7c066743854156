package io.powernode.dim.core;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeDirectory;
import io.powernode.dim.spi.NodeListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the orchestrator knows of its nodes.
 *
 * <p>A node that joins is active; one that was lost is inactive until it joins again; one that was
 * not heard of for {@code staleAfter} is stale until it is heard again; one under maintenance stays
 * so until the operator ends it, whether it is heard or not, and also when it was lost and joins
 * again. Silence is measured with the clock that never goes back.
 *
 * <p>Thread-safe. Reads take no lock, except the first of a list after its members changed.
 */
final class NodeRegistry implements NodeDirectory, NodeListener, AutoCloseable {
  /** The silence after which a node is stale, unless the operator says otherwise. */
  static final Duration STALE_AFTER = Duration.ofSeconds(120);

  /** How many outcomes a node's reputation so far is worth against a new one. */
  static final int REPUTATION_MEMORY = 20;

  /** So often at most the silent nodes are looked for in a {@code staleAfter}. */
  private static final int SWEEPS_PER_PERIOD = 100;

  private final Environment environment;
  private final long staleNanos;
  private final double priorReputation;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NodeEntry> nodes = new ConcurrentHashMap<>();
  private final NodeGroup everyone = new NodeGroup();
  private final NodeIndex byCabinet =
      new NodeIndex(node -> dataSets(node, CabinetDescriptor::name));
  private final NodeIndex byDataType =
      new NodeIndex(node -> dataSets(node, CabinetDescriptor::dataType));
  private final NodeIndex byWarmModel = new NodeIndex(node -> node.load().warmModels());
  private final List<NodeIndex> indexes = List.of(byCabinet, byDataType, byWarmModel);
  private final Alarm silence;

  /** A registry with the defaults. */
  NodeRegistry(Environment environment) {
    this(environment, STALE_AFTER, NodeRecord.PRIOR_REPUTATION);
  }

  /**
   * An empty registry.
   *
   * @param staleAfter the silence after which a node is stale; above 0
   * @param priorReputation of a node of which nothing is known; 0..1
   */
  NodeRegistry(Environment environment, Duration staleAfter, double priorReputation) {
    Ranges.require(staleAfter.compareTo(Duration.ZERO) > 0, "staleAfter", "above 0");
    Ranges.require(priorReputation >= 0 && priorReputation <= 1, "priorReputation", "0 to 1");
    this.environment = environment;
    this.staleNanos = staleAfter.toNanos();
    this.priorReputation = priorReputation;
    this.silence = new Alarm(environment, this::sweep);
  }

  @Override
  public Optional<NodeRecord> get(String id) {
    return Optional.ofNullable(nodes.get(id))
        .map(entry -> entry.state().at(environment.nanoTime()));
  }

  @Override
  public List<NodeRecord> all() {
    return everyone.at(environment.nanoTime());
  }

  @Override
  public List<NodeRecord> holding(String name) {
    return byCabinet.at(name, environment.nanoTime());
  }

  @Override
  public List<NodeRecord> withDataType(String dataType) {
    return byDataType.at(dataType, environment.nanoTime());
  }

  @Override
  public List<NodeRecord> withWarmModel(String modelId) {
    return byWarmModel.at(modelId, environment.nanoTime());
  }

  @Override
  public void joined(NodeProfile profile, NodeLoad load) {
    lock.lock();
    try {
      NodeEntry known = nodes.get(profile.nodeId());
      if (known == null) {
        add(profile, load);
      } else {
        hear(known, profile, load);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void heartbeat(String nodeId, NodeLoad load) {
    change(
        nodeId,
        (entry, state) -> {
          if (state.record().status() != NodeStatus.INACTIVE) {
            hear(entry, state.record().profile(), load);
          }
        });
  }

  @Override
  public void lost(String nodeId) {
    change(nodeId, (entry, state) -> become(entry, state.withStatus(NodeStatus.INACTIVE)));
  }

  /**
   * Begins or ends a node's maintenance: it finishes what it has and gets nothing new.
   *
   * @throws DimException with {@link ErrorCode#UNKNOWN_NODE}
   */
  void maintenance(String nodeId, boolean begins) {
    if (!nodes.containsKey(nodeId)) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNKNOWN_NODE, "the node is not registered").about("node", nodeId));
    }
    change(nodeId, (entry, state) -> become(entry, state.maintenance(begins)));
  }

  /**
   * The node did, or failed to do, what it was asked. Its reputation moves one part in {@link
   * #REPUTATION_MEMORY} + 1 of the way to 1 or to 0, as if what it was before stood for that many
   * outcomes: the expectation of a beta distribution whose past fades (A. Jøsang and R. Ismail,
   * "The Beta Reputation System", 2002, with forgetting). So it stays within 0..1, and old faults
   * are forgiven. Nothing happens if the node is not there.
   */
  void observe(String nodeId, boolean success) {
    change(
        nodeId,
        (entry, state) -> {
          double before = state.record().reputation();
          double towards = success ? 1 : 0;
          become(
              entry, state.withReputation(before + (towards - before) / (REPUTATION_MEMORY + 1)));
        });
  }

  /** Stops watching for silence. */
  @Override
  public void close() {
    silence.close();
  }

  private void add(NodeProfile profile, NodeLoad load) {
    Instant now = environment.now();
    NodeRecord record = new NodeRecord(profile, NodeStatus.ACTIVE, priorReputation, load, now, now);
    NodeEntry entry = new NodeEntry(new NodeState(record, false, staleAt()));
    nodes.put(profile.nodeId(), entry);
    everyone.add(entry);
    indexes.forEach(i -> i.update(entry, Optional.empty(), record));
    silence.set(entry.state().staleAt());
  }

  private void hear(NodeEntry entry, NodeProfile profile, NodeLoad load) {
    become(entry, entry.state().heard(profile, load, environment.now(), staleAt()));
  }

  /** Changes a node. Under the lock. */
  private void become(NodeEntry entry, NodeState next) {
    long now = environment.nanoTime();
    NodeRecord before = entry.state().at(now);
    NodeRecord after = next.at(now);
    entry.become(next);
    if (before.profile() != after.profile() || before.load() != after.load()) {
      indexes.forEach(i -> i.update(entry, Optional.of(before), after));
    }
    if (next.isActive()) {
      silence.set(next.staleAt());
    }
  }

  private void change(String nodeId, BiConsumer<NodeEntry, NodeState> change) {
    lock.lock();
    try {
      Optional.ofNullable(nodes.get(nodeId))
          .ifPresent(entry -> change.accept(entry, entry.state()));
    } finally {
      lock.unlock();
    }
  }

  /** Makes the silent nodes stale and sees when the next one may be. */
  private void sweep() {
    lock.lock();
    try {
      long now = environment.nanoTime();
      long next = Long.MAX_VALUE;
      for (NodeEntry entry : nodes.values()) {
        NodeState state = entry.state();
        if (state.isActive()) {
          long left = state.staleAt() - now;
          if (left <= 0) {
            entry.become(state.withStatus(NodeStatus.STALE));
          } else {
            next = Math.min(next, left);
          }
        }
      }
      if (next < Long.MAX_VALUE) {
        silence.set(now + Math.max(next, staleNanos / SWEEPS_PER_PERIOD));
      }
    } finally {
      lock.unlock();
    }
  }

  private long staleAt() {
    return environment.nanoTime() + staleNanos;
  }

  private static Set<String> dataSets(
      NodeRecord node, Function<CabinetDescriptor, String> property) {
    return node.profile().dataSets().stream().map(property).collect(Collectors.toSet());
  }
}
