package io.powernode.dim.core;

import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.SessionState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Watches the streams of the other orchestrators for jobs that change: one watch for each, only
 * while somebody wants to know, which goes on where the one before ended. Thread-safe.
 */
final class OtherStreams {
  private final StateStore store;
  private final String own;
  private final Consumer<String> onJob;
  private final Runnable onGap;
  private final Map<String, Long> heard = new ConcurrentHashMap<>();
  private final Map<String, Subscription> watches = new HashMap<>();

  /**
   * Watches nothing yet.
   *
   * @param own the stream to leave out
   * @param onJob hears the id of a job that changed; must not block
   * @param onGap told that changes were not kept; must not block
   */
  OtherStreams(StateStore store, String own, Consumer<String> onJob, Runnable onGap) {
    this.store = store;
    this.own = own;
    this.onJob = onJob;
    this.onGap = onGap;
  }

  /**
   * Watches the streams of all that share the store now. Those of ended sessions count: what they
   * did last may not have been heard.
   */
  synchronized void follow() {
    Set<String> owners =
        store.sessions().stream()
            .map(SessionState::owner)
            .filter(owner -> !owner.equals(own))
            .collect(Collectors.toSet());
    watches.entrySet().removeIf(watch -> !owners.contains(watch.getKey()) && closed(watch));
    heard.keySet().retainAll(owners);
    for (String owner : owners) {
      watches.computeIfAbsent(
          owner,
          stream ->
              store.watch(stream, heard.getOrDefault(stream, 0L), change -> hear(stream, change)));
    }
  }

  private static boolean closed(Map.Entry<String, Subscription> watch) {
    watch.getValue().close();
    return true;
  }

  private void hear(String stream, Change change) {
    heard.put(stream, change.at());
    if (change instanceof Change.Applied applied) {
      applied.keys().stream().filter(Keys::isJob).map(Keys::jobId).forEach(onJob);
    } else {
      onGap.run();
    }
  }

  /** Watches nothing, until somebody wants to know again. */
  synchronized void rest() {
    watches.values().forEach(Subscription::close);
    watches.clear();
  }
}
