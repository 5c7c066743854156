package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeAction;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The host's actions, each performed once under an idempotency key as long as the node lives and
 * remembers: who comes with the same key waits for the first and gets its answer. A failed one may
 * be tried again, but none once its undoing was asked for: the undoing would come first, and the
 * effect stay. Thread-safe.
 */
final class Actions {
  private final Map<String, NodeAction> actions;
  private final int remembered;

  /** By action and key, oldest first. Guarded by itself. */
  private final Map<Key, CompletableFuture<Map<String, Tensor>>> answers = new LinkedHashMap<>();

  /** The keys under which nothing begins any more, oldest first. Guarded by the answers. */
  private final Set<String> undone = new LinkedHashSet<>();

  Actions(Map<String, NodeAction> actions, int remembered) {
    this.actions = Map.copyOf(actions);
    this.remembered = remembered;
  }

  Set<String> names() {
    return actions.keySet();
  }

  /**
   * The action of a name.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if the host registered none
   */
  NodeAction require(String name) {
    NodeAction action = actions.get(name);
    if (action == null) {
      throw new DimException(ErrorCode.INVALID_ARGUMENT, "the node has no action of this name");
    }
    return action;
  }

  /**
   * Performs an action, or waits for whoever does it under the same key. The undoing of another
   * waits until that one is over.
   */
  Map<String, Tensor> perform(Work.Action asked, Map<String, Tensor> input, TaskId id) {
    NodeAction action = require(asked.name());
    asked.undoes().ifPresent(step -> settle(id.idempotencyKeyOf(step)));
    Key key = new Key(asked.name(), id.idempotencyKey());
    CompletableFuture<Map<String, Tensor>> mine = new CompletableFuture<>();
    CompletableFuture<Map<String, Tensor>> first;
    synchronized (answers) {
      if (undone.contains(key.idempotencyKey()) && !answers.containsKey(key)) {
        throw new DimException(ErrorCode.CANCELLED, "the node was asked to undo the action");
      }
      first = answers.putIfAbsent(key, mine);
      if (first == null) {
        forgetOldest();
      }
    }
    return first == null ? perform(action, input, key, mine) : answer(first);
  }

  /** Lets nothing begin under a key any more, and waits for what has begun, however it ends. */
  private void settle(String idempotencyKey) {
    CompletableFuture<?>[] begun;
    synchronized (answers) {
      undone.add(idempotencyKey);
      if (undone.size() > remembered) {
        undone.remove(undone.iterator().next());
      }
      begun =
          names().stream()
              .map(name -> new Key(name, idempotencyKey))
              .filter(answers::containsKey)
              .map(answers::get)
              .toArray(CompletableFuture<?>[]::new);
    }
    CompletableFuture.allOf(begun).handle((done, failure) -> done).join();
  }

  private Map<String, Tensor> perform(
      NodeAction action,
      Map<String, Tensor> input,
      Key key,
      CompletableFuture<Map<String, Tensor>> answer) {
    try {
      answer.complete(action.perform(input, key.idempotencyKey()));
    } catch (Throwable e) {
      synchronized (answers) {
        answers.remove(key, answer);
      }
      answer.completeExceptionally(e);
    }
    return answer(answer);
  }

  private static Map<String, Tensor> answer(CompletableFuture<Map<String, Tensor>> done) {
    return Failures.join(done, ErrorInfo.of(ErrorCode.INTERNAL, "the action failed"));
  }

  private void forgetOldest() {
    answers.entrySet().stream()
        .filter(entry -> answers.size() > remembered && entry.getValue().isDone())
        .findFirst()
        .map(Map.Entry::getKey)
        .ifPresent(answers::remove);
  }

  private record Key(String action, String idempotencyKey) {}
}
