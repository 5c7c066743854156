package io.powernode.dim.testkit;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * A store with threads and a clock of its own, made fit for a simulation: each commit is waited for
 * where it is handed in, watchers are told there, of what went through here, and sessions end on
 * demand.
 */
final class SynchronousStore extends ForwardingStore {
  private final ConcurrentLinkedQueue<Session> opened = new ConcurrentLinkedQueue<>();
  private final Map<String, List<Change>> changes = new HashMap<>();
  private final Map<String, List<Consumer<Change>>> watchers = new HashMap<>();

  SynchronousStore(StateStore store) {
    super(store);
  }

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    CommitResult result = super.commit(commit).toCompletableFuture().join();
    if (result instanceof CommitResult.Committed committed) {
      List<String> keys = commit.writes().stream().map(Write::key).toList();
      tell(commit.stream(), new Change.Applied(committed.at(), keys));
    }
    return CompletableFuture.completedFuture(result);
  }

  private void tell(String stream, Change change) {
    List<Consumer<Change>> listening;
    synchronized (watchers) {
      changes.computeIfAbsent(stream, s -> new ArrayList<>()).add(change);
      listening = List.copyOf(watchers.getOrDefault(stream, List.of()));
    }
    listening.forEach(watcher -> watcher.accept(change));
  }

  @Override
  public Subscription watch(String stream, long after, Consumer<Change> watcher) {
    List<Change> missed;
    synchronized (watchers) {
      missed =
          changes.getOrDefault(stream, List.of()).stream().filter(c -> c.at() > after).toList();
      watchers.computeIfAbsent(stream, s -> new ArrayList<>()).add(watcher);
    }
    missed.forEach(watcher);
    return () -> {
      synchronized (watchers) {
        watchers.get(stream).remove(watcher);
      }
    };
  }

  @Override
  public Session open(String owner, Duration ttl) {
    Session session = super.open(owner, ttl);
    opened.add(session);
    return session;
  }

  /** Ends all sessions so far, as their expiry would. */
  void endSessions() {
    opened.forEach(Session::close);
  }
}
