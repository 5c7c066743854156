package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.jdbc.Connector.Backend;
import io.powernode.dim.spi.BlobStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.CommitResult.Refused;
import io.powernode.dim.spi.FileBlobStore;
import io.powernode.dim.spi.StateStore.Change;
import io.powernode.dim.spi.StateStore.Outcome;
import io.powernode.dim.spi.StoredValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What grows is trimmed: the log of changes, and large values that nothing refers to. */
abstract class StoreUpkeepTest {
  private static final int LARGE = 100;
  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir Path folder;
  private final SteppedEnvironment environment = new SteppedEnvironment();
  private BlobStore blobs;
  private Backend backend;
  private JdbcStateStore store;
  private BlobSweep sweep;
  private int transactions;

  abstract Connector connector() throws Exception;

  @BeforeEach
  void open() throws Exception {
    blobs = FileBlobStore.open(folder.resolve("blobs"));
    backend = connector().connect(environment, 2);
    store = new JdbcStateStore(environment, backend, settings(Optional.of(blobs)), () -> {});
    sweep = new BlobSweep(backend.database(), blobs, environment::nanoTime, GRACE);
  }

  private static Settings settings(Optional<BlobStore> blobs) {
    return new Settings(
        blobs, LARGE, GRACE, ValueCipher.none(), 1000, Duration.ofDays(1), Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    store.close();
    environment.close();
  }

  private CommitResult commit(List<Guard> guards, Write... writes) {
    Commit commit = new Commit("s", "tx" + ++transactions, guards, List.of(writes));
    return store.commit(commit).toCompletableFuture().join();
  }

  private void put(String key, byte[] value) {
    assertThat(commit(List.of(), Write.Put.of(key, StoredValue.of(value))))
        .isInstanceOf(Committed.class);
  }

  private byte[] get(String key) {
    return store.get(key).orElseThrow().value().bytes();
  }

  private static byte[] value(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private void sweepTwice() {
    sweep.run();
    environment.clock.advance(GRACE);
    sweep.run();
  }

  @Test
  void value_aboveTheLimit_liesInTheBlobStore() throws Exception {
    byte[] small = value(LARGE, 1);
    byte[] large = value(LARGE + 1, 2);
    put("small", small);
    assertThat(files()).isEmpty();
    put("large", large);
    assertThat(files()).hasSize(1);
    assertThat(get("small")).isEqualTo(small);
    assertThat(get("large")).isEqualTo(large);
    sweepTwice();
    assertThat(get("large")).isEqualTo(large);
  }

  @Test
  void blob_whoseEntryIsReplacedOrDeleted_goesAfterAWhile() throws Exception {
    put("replaced", value(200, 1));
    put("deleted", value(200, 2));
    put("replaced", value(10, 3));
    commit(List.of(), new Write.Delete("deleted"));
    sweep.run();
    environment.clock.advance(GRACE.minusNanos(1));
    sweep.run();
    assertThat(files()).hasSize(2);
    environment.clock.advance(Duration.ofNanos(1));
    sweep.run();
    assertThat(files()).isEmpty();
  }

  @Test
  void blobs_ofTheSameValue_areNeverTheSame() throws Exception {
    byte[] same = value(200, 1);
    put("a", same);
    put("b", same);
    assertThat(files()).hasSize(2);
    commit(List.of(), new Write.Delete("a"));
    sweepTwice();
    assertThat(files()).hasSize(1);
    assertThat(get("b")).isEqualTo(same);
    commit(List.of(), new Write.Delete("b"));
    sweepTwice();
    assertThat(files()).isEmpty();
  }

  @Test
  void blob_ofACommitThatFailed_goesAfterAWhile() throws Exception {
    Guard failing = new Guard.AtVersion("none", 1);
    Write put = Write.Put.of("k", StoredValue.of(value(200, 1)));
    assertThat(commit(List.of(failing), put)).isEqualTo(new Conflict(failing));
    assertThat(files()).hasSize(1);
    sweepTwice();
    assertThat(files()).isEmpty();
  }

  /** One that stands still in the middle of it must not take what has come into use since. */
  @Test
  void sweep_thatStandsStill_removesNothingThatIsInUse() throws Exception {
    byte[] value = value(200, 1);
    put("k", value);
    commit(List.of(), new Write.Delete("k"));
    StandingStill standing = new StandingStill(blobs);
    BlobSweep sleeper = new BlobSweep(backend.database(), standing, environment::nanoTime, GRACE);
    sleeper.run();
    environment.clock.advance(GRACE);
    standing.meanwhile =
        () -> {
          sweepTwice();
          put("k", value);
        };
    sleeper.run();
    assertThat(get("k")).isEqualTo(value);
    assertThat(files()).hasSize(1);
  }

  @Test
  void blob_whoseSweepDied_isRemovedByTheNextAndUsedByNobody() throws Exception {
    put("k", value(200, 1));
    commit(List.of(), new Write.Delete("k"));
    StandingStill dying = new StandingStill(blobs);
    dying.meanwhile =
        () -> {
          throw new IllegalStateException("dies");
        };
    BlobSweep died = new BlobSweep(backend.database(), dying, environment::nanoTime, GRACE);
    died.run();
    environment.clock.advance(GRACE);
    assertThatThrownBy(died::run).hasMessage("dies");
    assertThat(files()).hasSize(1);
    assertThat(store.check(entries -> {}).problems()).isEmpty();
    sweepTwice();
    assertThat(files()).isEmpty();
  }

  @Test
  void commit_thatComesWhileItsLargeValueIsRemoved_isRefused() throws Exception {
    LargeValues values =
        new LargeValues(
            backend.database(),
            new ValueCodec(ValueCipher.none()),
            Optional.of(blobs),
            LARGE,
            new SplittableRandom(1));
    Cell cell = values.store("k", value(200, 1));
    Write put = Write.Put.of("k", StoredValue.of(value(200, 1)));
    Pending late = Pending.of(new Commit("s", "late", List.of(), List.of(put)), Map.of("k", cell));
    List<Answer> answers = new ArrayList<>();
    StandingStill standing = new StandingStill(blobs);
    standing.meanwhile = () -> answers.addAll(backend.batches().write(List.of(late)));
    BlobSweep sleeper = new BlobSweep(backend.database(), standing, environment::nanoTime, GRACE);
    sleeper.run();
    environment.clock.advance(GRACE);
    sleeper.run();
    assertThat(answers)
        .containsExactly(
            new Answer.Result(new Refused("a large value waited too long to be committed")));
    assertThat(store.get("k")).isEmpty();
  }

  /** Does something before it deletes. */
  private static final class StandingStill implements BlobStore {
    private final BlobStore blobs;
    private Runnable meanwhile = () -> {};

    StandingStill(BlobStore blobs) {
      this.blobs = blobs;
    }

    @Override
    public Digest put(InputStream content) throws IOException {
      return blobs.put(content);
    }

    @Override
    public boolean contains(Digest digest) throws IOException {
      return blobs.contains(digest);
    }

    @Override
    public void delete(Digest digest) throws IOException {
      meanwhile.run();
      blobs.delete(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      return blobs.open(digest);
    }
  }

  @Test
  void blobStore_thatFails_refusesTheCommit() {
    BlobStore broken =
        new BlobStore() {
          @Override
          public Digest put(InputStream content) throws IOException {
            throw new IOException("no space left on device");
          }

          @Override
          public boolean contains(Digest digest) {
            return false;
          }

          @Override
          public void delete(Digest digest) {}

          @Override
          public InputStream open(Digest digest) throws IOException {
            throw new IOException("gone");
          }
        };
    JdbcStateStore other =
        new JdbcStateStore(environment, backend, settings(Optional.of(broken)), () -> {});
    Write put = Write.Put.of("k", StoredValue.of(value(200, 1)));
    Commit commit = new Commit("s", "t", List.of(), List.of(put));
    assertThat(other.commit(commit).toCompletableFuture().join())
        .isEqualTo(new Refused("a large value cannot be written to the blob store"));
    assertThat(store.get("k")).isEmpty();
    put("k", value(200, 1));
    assertThatThrownBy(() -> other.get("k").orElseThrow().value().bytes())
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("a large value cannot be read: sha256:");
  }

  @Test
  void largeValue_thatCannotBeRead_saysSoWhenItIsAskedFor() throws Exception {
    put("k", value(200, 1));
    JdbcStateStore without =
        new JdbcStateStore(environment, backend, settings(Optional.empty()), () -> {});
    StoredValue unreadable = without.get("k").orElseThrow().value();
    assertThatThrownBy(unreadable::bytes)
        .isInstanceOf(DimException.class)
        .hasMessageContaining("the state store was given none");
    Files.write(files().get(0), value(200, 2));
    assertThatThrownBy(() -> get("k"))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("a stored value is damaged");
    Files.delete(files().get(0));
    assertThatThrownBy(() -> get("k"))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
              assertThat(e.retryable()).as("it will not come back by itself").isFalse();
            })
        .hasMessageContaining("a large value cannot be read, it is missing: restore");
  }

  @Test
  void changes_thatAreOldAndMany_areTrimmedAndWatchersTold() throws Exception {
    Duration keptFor = Duration.ofMinutes(1);
    ChangeLog log = new ChangeLog(backend.database());
    ChangeTrim trim = new ChangeTrim(log, environment::nanoTime, 3, keptFor);
    for (int i = 0; i < 20; i++) {
      put("k", value(1, i));
    }
    trim.run();
    assertThat(log.oldest("s")).as("none is old").isEqualTo(1);
    environment.clock.advance(keptFor);
    for (int i = 0; i < 5; i++) {
      put("k", value(1, i));
    }
    trim.run();
    assertThat(log.oldest("s")).as("those it saw a minute ago are old").isEqualTo(21);
    environment.clock.advance(keptFor);
    trim.run();
    assertThat(log.oldest("s")).as("three stay, however old").isEqualTo(23);
    assertThat(store.lookup("tx1")).isEqualTo(Outcome.ABSENT);
    assertThat(store.lookup("tx23")).isEqualTo(Outcome.COMMITTED);
    BlockingQueue<Change> heard = new LinkedBlockingQueue<>();
    store.watch("s", 2, heard::add);
    List<Change> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      first.add(heard.poll(20, TimeUnit.SECONDS));
    }
    assertThat(first.get(0)).isEqualTo(new Change.Compacted(22));
    assertThat(first.subList(1, 4)).extracting(Change::at).containsExactly(23L, 24L, 25L);
  }

  @Test
  void changes_beyondOneBatch_areTrimmedAllTheSame() {
    ChangeLog log = new ChangeLog(backend.database());
    LongStream.range(0, 2500)
        .mapToObj(i -> new Commit("s", "t" + i, List.of(), List.of()))
        .map(store::commit)
        .toList()
        .forEach(answer -> answer.toCompletableFuture().join());
    new ChangeTrim(log, environment::nanoTime, 100, Duration.ZERO).run();
    assertThat(log.oldest("s")).isEqualTo(2401);
    put("k", value(1, 1));
    assertThat(store.lookup("tx1")).isEqualTo(Outcome.COMMITTED);
  }
}
