package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The store in memory is linearizable, and stores that are not are found out. */
class LinearizabilityTest {
  private static StateStore memory() {
    return new InMemoryStateStore(System::nanoTime, 100, 10_000);
  }

  @Nested
  class InMemory extends StateStoreLinearizability {
    @Override
    protected StateStore create() {
      return memory();
    }
  }

  @Test
  void stores_withAFault_areFoundOut() {
    Map<String, UnaryOperator<StateStore>> faults = new LinkedHashMap<>();
    faults.put("reads what was before", Stale::new);
    faults.put("ignores guards", Unguarded::new);
    faults.put("leaves gaps in its numbers", Gaps::new);
    faults.put("blames another guard", Blames::new);
    faults.put("forgets the last write of a commit", Halves::new);
    faults.forEach(
        (fault, broken) ->
            assertThat(
                    ContractRun.failures(
                        () ->
                            new StateStoreLinearizability() {
                              @Override
                              protected StateStore create() {
                                return broken.apply(memory());
                              }
                            }))
                .as(fault)
                .hasSize(1));
  }

  /** Answers a read with what the one before saw. */
  private static final class Stale extends ForwardingStore {
    private final Map<String, Optional<Entry>> seen = new HashMap<>();

    Stale(StateStore store) {
      super(store);
    }

    @Override
    public synchronized Optional<Entry> get(String key) {
      Optional<Entry> now = super.get(key);
      Optional<Entry> before = seen.put(key, now);
      return before == null ? now : before;
    }
  }

  private static final class Unguarded extends ForwardingStore {
    Unguarded(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      return super.commit(
          new Commit(commit.stream(), commit.transactionId(), List.of(), commit.writes()));
    }
  }

  private static final class Gaps extends ForwardingStore {
    Gaps(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      return super.commit(commit)
          .thenApply(
              result ->
                  result instanceof CommitResult.Committed done
                      ? new CommitResult.Committed(2 * done.at())
                      : result);
    }
  }

  private static final class Blames extends ForwardingStore {
    Blames(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      return super.commit(commit)
          .thenApply(
              result ->
                  result instanceof CommitResult.Conflict
                      ? new CommitResult.Conflict(new Commit.Guard.LiveSession(1_000_000))
                      : result);
    }
  }

  private static final class Halves extends ForwardingStore {
    Halves(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      List<Write> first = commit.writes().subList(0, 1);
      return super.commit(
          new Commit(commit.stream(), commit.transactionId(), commit.guards(), first));
    }
  }
}
