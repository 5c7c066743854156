package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.core.InMemoryBlobStore;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Stores with one fault each fail their contract. */
class StoreContractFaultsTest {

  @Test
  void stateStore_withoutFault_failsNothing() {
    assertThat(failures(store -> store)).isEmpty();
  }

  @Test
  void stateStores_withAFault_areFoundOut() {
    Map<String, UnaryOperator<StateStore>> faults = new LinkedHashMap<>();
    faults.put("guards_thatDoNotHold_nameTheFirstAndChangeNothing", IgnoresGuards::new);
    faults.put("guards_ofManyWriters_letOneThroughEachTime", IgnoresGuards::new);
    faults.put("commit_ofTextThatNoStoreKeeps_isRefusedForGoodAndChangesNothing", Hopes::new);
    faults.put("lookup_ofATransaction_tellsWhatBecameOfIt", Forgets::new);
    faults.put("scan_withAPrefix_isInIndexOrderThenKeyOrder", Reverses::new);
    faults.put("watch_ofManyWriters_hearsEachChangeOnceInOrder", Repeats::new);
    faults.put("watch_afterANumber_replaysTheRestAndGoesOn", Repeats::new);
    faults.put("session_afterItsTime_isOverForGood", Immortal::new);
    faults.forEach((test, fault) -> assertThat(failures(fault)).as(test).contains(test));
  }

  @Test
  void blobStores_withAFault_areFoundOut() {
    assertThat(blobFailures(new InMemoryBlobStore())).isEmpty();
    assertThat(blobFailures(new StoresHalf()))
        .containsExactly("put_ofAStreamThatBreaks_storesNothing");
    assertThat(blobFailures(new Closes())).containsExactly("put_always_leavesTheStreamOpen");
  }

  private static List<String> failures(UnaryOperator<StateStore> fault) {
    return ContractRun.failures(
        () ->
            new StateStoreContract() {
              private final SettableClock clock = new SettableClock();

              @Override
              protected StateStore create(int changesKept) {
                return fault.apply(new InMemoryStateStore(clock::nanoTime, changesKept, 1000));
              }

              @Override
              protected void pass(Duration time) {
                clock.advance(time);
              }
            });
  }

  private static List<String> blobFailures(BlobStore store) {
    return ContractRun.failures(
        () ->
            new BlobStoreContract() {
              @Override
              protected BlobStore create() {
                return store;
              }
            });
  }

  private static final class IgnoresGuards extends ForwardingStore {
    IgnoresGuards(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      return super.commit(
          new Commit(commit.stream(), commit.transactionId(), List.of(), commit.writes()));
    }
  }

  /** Takes what can never be written for what cannot be written now. */
  private static final class Hopes extends ForwardingStore {
    Hopes(StateStore store) {
      super(store);
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      try {
        return super.commit(commit);
      } catch (IllegalArgumentException e) {
        return CompletableFuture.completedFuture(new CommitResult.Refused(e.getMessage()));
      }
    }
  }

  private static final class Forgets extends ForwardingStore {
    Forgets(StateStore store) {
      super(store);
    }

    @Override
    public Outcome lookup(String transactionId) {
      return Outcome.ABSENT;
    }
  }

  private static final class Reverses extends ForwardingStore {
    Reverses(StateStore store) {
      super(store);
    }

    @Override
    public Page scan(String index, String prefix, Optional<String> after, int limit) {
      Page page = super.scan(index, prefix, after, limit);
      List<Entry> reversed = new ArrayList<>(page.entries());
      Collections.reverse(reversed);
      return new Page(reversed, page.next());
    }
  }

  private static final class Repeats extends ForwardingStore {
    Repeats(StateStore store) {
      super(store);
    }

    @Override
    public Subscription watch(String stream, long after, Consumer<Change> changes) {
      return super.watch(
          stream,
          after,
          change -> {
            changes.accept(change);
            if (change.at() % 3 == 0) {
              changes.accept(change);
            }
          });
    }
  }

  private static final class Immortal extends ForwardingStore {
    Immortal(StateStore store) {
      super(store);
    }

    @Override
    public Session open(String owner, Duration ttl) {
      return super.open(owner, Duration.ofDays(1000));
    }
  }

  private static class StoresHalf implements BlobStore {
    private final InMemoryBlobStore store = new InMemoryBlobStore();

    @Override
    public Digest put(InputStream content) throws IOException {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      try {
        content.transferTo(read);
      } finally {
        store.put(new ByteArrayInputStream(read.toByteArray()));
      }
      return Digest.of(read.toByteArray());
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      return store.open(digest);
    }

    @Override
    public boolean contains(Digest digest) {
      return store.contains(digest);
    }

    @Override
    public void delete(Digest digest) {
      store.delete(digest);
    }
  }

  private static final class Closes extends StoresHalf {
    @Override
    public Digest put(InputStream content) throws IOException {
      byte[] bytes = content.readAllBytes();
      content.close();
      return super.put(new ByteArrayInputStream(bytes));
    }
  }
}
