package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeListener;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reaches nodes in the same process by calling them. Thread-safe. */
public final class InProcessTransport implements NodeTransport {
  /** How often a node's load is reported. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(InProcessTransport.class);

  private final Environment environment;
  private final Object lock = new Object();
  private final Map<String, NodeEndpoint> nodes = new LinkedHashMap<>();
  private final Map<String, Set<CompletableFuture<TaskResult>>> underWay = new HashMap<>();
  private Optional<Connection> connection = Optional.empty();
  private Subscription heartbeat = () -> {};
  private boolean closed;

  private record Connection(NodeListener listener, BlobSource models) {}

  /** A transport without nodes. */
  public InProcessTransport(Environment environment) {
    this.environment = environment;
  }

  /**
   * Adds a node.
   *
   * @throws DimException with {@link ErrorCode#CONFLICT} if another one has its id
   */
  public void add(NodeEndpoint node) {
    String id = node.profile().nodeId();
    Optional<Connection> connected;
    synchronized (lock) {
      if (nodes.putIfAbsent(id, node) != null) {
        throw new DimException(
            ErrorInfo.of(ErrorCode.CONFLICT, "node id: is taken; allowed: one that is not")
                .about("node", id));
      }
      connected = connection;
    }
    connected.ifPresent(c -> introduce(node, c));
  }

  /** Removes a node; its tasks under way are lost. */
  public void remove(String nodeId) {
    boolean removed;
    Optional<Connection> connected;
    Set<CompletableFuture<TaskResult>> lost;
    synchronized (lock) {
      removed = nodes.remove(nodeId) != null;
      connected = connection;
      lost = underWay.getOrDefault(nodeId, Set.of());
      underWay.remove(nodeId);
    }
    if (removed) {
      connected.ifPresent(c -> c.listener().lost(nodeId));
    }
    lost.forEach(call -> call.complete(lost(nodeId)));
  }

  @Override
  public Subscription connect(NodeListener listener, BlobSource models) {
    Connection made = new Connection(listener, models);
    List<NodeEndpoint> present;
    synchronized (lock) {
      connection = Optional.of(made);
      present = List.copyOf(nodes.values());
    }
    present.forEach(node -> introduce(node, made));
    scheduleHeartbeat();
    return () -> {
      synchronized (lock) {
        connection = Optional.empty();
        heartbeat.close();
      }
    };
  }

  @Override
  public CompletionStage<TaskResult> call(String nodeId, TaskEnvelope task, Duration deadline) {
    CompletableFuture<TaskResult> answer = new CompletableFuture<>();
    NodeEndpoint node;
    synchronized (lock) {
      node = closed ? null : nodes.get(nodeId);
      if (node == null) {
        return CompletableFuture.completedFuture(lost(nodeId));
      }
      underWay.computeIfAbsent(nodeId, id -> new LinkedHashSet<>()).add(answer);
    }
    answer.whenComplete((result, never) -> ended(nodeId, answer));
    try {
      node.execute(task, deadline)
          .whenComplete((result, e) -> answer.complete(e == null ? result : broken(nodeId, e)));
    } catch (RuntimeException e) {
      answer.complete(broken(nodeId, e));
    }
    return answer;
  }

  private void ended(String nodeId, CompletableFuture<TaskResult> answer) {
    synchronized (lock) {
      Set<CompletableFuture<TaskResult>> rest = underWay.get(nodeId);
      if (rest != null && rest.remove(answer) && rest.isEmpty()) {
        underWay.remove(nodeId);
      }
    }
  }

  private static TaskResult lost(String nodeId) {
    ErrorInfo gone =
        ErrorInfo.of(ErrorCode.NODE_LOST, "the node is not there").about("node", nodeId);
    return TaskResult.failure(nodeId, gone, 0);
  }

  /** A node must not throw, nor complete exceptionally. */
  private static TaskResult broken(String nodeId, Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    ErrorInfo broken =
        ErrorInfo.of(ErrorCode.INTERNAL, "the node threw " + cause.getClass().getSimpleName())
            .about("node", nodeId);
    return TaskResult.failure(nodeId, broken, 0);
  }

  @Override
  public void cancel(String nodeId, TaskId task, long epoch) {
    tell(nodeId, node -> node.cancel(task, epoch));
  }

  @Override
  public void acknowledge(String nodeId, TaskId task) {
    tell(nodeId, node -> node.acknowledge(task));
  }

  @Override
  public void release(String nodeId, String jobId) {
    tell(nodeId, node -> node.release(jobId));
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      connection = Optional.empty();
      heartbeat.close();
    }
  }

  private void tell(String nodeId, Consumer<NodeEndpoint> message) {
    find(nodeId).ifPresent(message);
  }

  private Optional<NodeEndpoint> find(String nodeId) {
    synchronized (lock) {
      return closed ? Optional.empty() : Optional.ofNullable(nodes.get(nodeId));
    }
  }

  private static void introduce(NodeEndpoint node, Connection connection) {
    node.attach(connection.models());
    connection.listener().joined(node.profile(), node.load());
  }

  private void scheduleHeartbeat() {
    synchronized (lock) {
      if (!closed && connection.isPresent()) {
        heartbeat = environment.schedule(HEARTBEAT, () -> environment.execute(this::beat));
      }
    }
  }

  private void beat() {
    List<NodeEndpoint> present;
    Optional<Connection> connected;
    synchronized (lock) {
      present = List.copyOf(nodes.values());
      connected = connection;
    }
    connected.ifPresent(c -> present.forEach(node -> beat(node, c.listener())));
    scheduleHeartbeat();
  }

  /** A node that fails here misses its own heartbeat only. */
  private static void beat(NodeEndpoint node, NodeListener listener) {
    try {
      NodeLoad load = node.load();
      listener.heartbeat(node.profile().nodeId(), load);
    } catch (RuntimeException e) {
      LOG.warn("a node did not say how busy it is", e);
    }
  }
}
