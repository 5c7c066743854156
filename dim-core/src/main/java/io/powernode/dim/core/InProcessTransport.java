package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeListener;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Reaches nodes in the same process by calling them. Thread-safe. */
public final class InProcessTransport implements NodeTransport {
  /** How often a node's load is reported. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final Environment environment;
  private final Object lock = new Object();
  private final Map<String, NodeEndpoint> nodes = new LinkedHashMap<>();
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
    synchronized (lock) {
      removed = nodes.remove(nodeId) != null;
      connected = connection;
    }
    if (removed) {
      connected.ifPresent(c -> c.listener().lost(nodeId));
    }
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
    NodeEndpoint node = find(nodeId).orElse(null);
    if (node == null) {
      ErrorInfo gone =
          ErrorInfo.of(ErrorCode.NODE_LOST, "the node is not there").about("node", nodeId);
      return CompletableFuture.completedFuture(TaskResult.failure(nodeId, gone, 0));
    }
    try {
      return node.execute(task, deadline).exceptionally(e -> broken(nodeId, e));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(broken(nodeId, e));
    }
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
  public void cancel(String nodeId, TaskId task) {
    tell(nodeId, node -> node.cancel(task));
  }

  @Override
  public void acknowledge(String nodeId, TaskId task) {
    tell(nodeId, node -> node.acknowledge(task));
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
    connected.ifPresent(
        c ->
            present.forEach(
                node -> {
                  NodeLoad load = node.load();
                  c.listener().heartbeat(node.profile().nodeId(), load);
                }));
    scheduleHeartbeat();
  }
}
