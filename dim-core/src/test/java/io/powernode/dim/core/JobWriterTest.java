package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.core.FaultyStore.Fault;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StoredValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobWriterTest {
  private static final Duration TTL = Duration.ofSeconds(30);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final FaultyStore store = new FaultyStore(environment);
  private final AtomicInteger fenced = new AtomicInteger();
  private final List<ErrorInfo> spoilt = new ArrayList<>();
  private Tenure tenure;
  private JobWriter writer;

  @BeforeEach
  void open() {
    tenure = new Tenure(new Committing(store, environment), "o", TTL, false, () -> {});
    store.commit(tenure.commit(List.of(), List.of(put("job/j"))));
    writer = new JobWriter(tenure, "j", 1, fenced::incrementAndGet);
    writer.onSpoilt(spoilt::add);
  }

  private static Write put(String key) {
    return Write.Put.of(key, StoredValue.of(new byte[] {1}));
  }

  @Test
  void write_eachWhenTheOneBeforeIsDurable_doesNotNest() {
    AtomicInteger left = new AtomicInteger(20_000);
    CompletableFuture<Void> last = new CompletableFuture<>();
    store.hold(commit -> true);
    writeMore(left, last);
    store.release();

    assertThat(last).isCompleted();
  }

  private void writeMore(AtomicInteger left, CompletableFuture<Void> last) {
    if (left.decrementAndGet() == 0) {
      last.complete(null);
    } else {
      writer.write(List.of(put("k"))).thenRun(() -> writeMore(left, last));
    }
  }

  @Test
  void writeLast_somethingComesLater_isRefusedAndNotWritten() {
    assertThat(writer.writeLast(() -> List.of(put("job/j")))).isCompleted();

    assertThatThrownBy(() -> environment.await(writer.write(List.of(put("late")))))
        .hasRootCauseInstanceOf(DimException.class);
    assertThat(store.get("late")).isEmpty();
    assertThat(fenced).hasValue(0);
  }

  @Test
  void writeLast_whileItsWritesAreMade_letsNothingElseComeIn() {
    CompletableFuture<Void> late = new CompletableFuture<>();
    Thread other =
        new Thread(() -> writer.write(List.of(put("late"))).whenComplete((d, e) -> end(late, e)));
    CompletableFuture<Void> last =
        writer.writeLast(
            () -> {
              other.start();
              Awaitility.await()
                  .until(() -> other.getState() == Thread.State.BLOCKED || late.isDone());
              return List.of(put("job/j"));
            });

    assertThat(last).isCompleted();
    assertThat(late)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(DimException.class);
    assertThat(store.get("late")).isEmpty();
  }

  private static void end(CompletableFuture<Void> future, Throwable failure) {
    if (failure == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(failure);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IMPOSSIBLE", "UNWRITABLE", "DEFECT"})
  void write_canNeverBeStored_leavesAGapAfterWhichOnlyAnEndIsWritten(Fault fault) {
    store.plan((n, commit) -> FaultyStore.putting("odd").test(commit) ? fault : Fault.NONE);
    CompletableFuture<Void> odd = writer.write(List.of(put("odd")));
    int tried = store.commits.size();
    environment.advance(Duration.ofSeconds(1));

    assertThat(store.commits).as("nothing is tried again").hasSize(tried);
    assertThat(spoilt).extracting(ErrorInfo::code).containsExactly(ErrorCode.INTERNAL);
    for (CompletableFuture<Void> lost :
        List.of(odd, writer.write(List.of(put("k"))), writer.flushed())) {
      assertThat(lost)
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }
    assertThat(writer.writeLast(() -> List.of(put("odd")))).isCompletedExceptionally();
    assertThat(writer.writeLast(() -> List.of(put("job/j")))).isCompleted();
    assertThat(writer.write(List.of(put("k")))).isCompletedExceptionally();
    assertThat(store.get("k")).isEmpty();
    assertThat(fenced).hasValue(0);
  }

  @Test
  void write_behindOneThatCanNeverBeStored_isLostWithIt() {
    AtomicInteger tries = new AtomicInteger();
    store.plan(
        (n, commit) ->
            FaultyStore.putting("odd").test(commit)
                ? tries.getAndIncrement() == 0 ? Fault.REFUSED : Fault.IMPOSSIBLE
                : Fault.NONE);
    CompletableFuture<Void> odd = writer.write(List.of(put("odd")));
    CompletableFuture<Void> behind = writer.write(List.of(put("k")));
    CompletableFuture<Void> last = writer.writeLast(() -> List.of(put("job/j")));
    environment.advance(Duration.ofSeconds(1));

    assertThat(List.of(odd, behind, last)).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(store.get("k")).isEmpty();
    assertThat(store.get("job/j").orElseThrow().version()).isEqualTo(1);
    assertThat(writer.writeLast(() -> List.of(put("job/j")))).isCompleted();
  }

  @Test
  void write_lostAgainAndAgain_isTriedWithPauses() {
    store.plan((n, commit) -> n < 50 ? Fault.LOST_AND_UNKNOWN : Fault.NONE);
    writer.write(List.of(put("k")));
    for (int i = 0; i < 10; i++) {
      environment.advance(Duration.ofMillis(100));
    }

    assertThat(store.commits).hasSizeBetween(3, 10);
  }

  @Test
  void write_storeRefusesForAWhile_waitsAndKeepsTheOrder() {
    AtomicInteger refusals = new AtomicInteger(3);
    store.plan((n, commit) -> refusals.getAndDecrement() > 0 ? Fault.REFUSED : Fault.NONE);
    CompletableFuture<Void> first = writer.write(List.of(put("job/j")));
    CompletableFuture<Void> second = writer.write(List.of(put("k")));
    assertThat(first).isNotDone();
    environment.advance(Duration.ofSeconds(1));

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(store.get("job/j").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void write_storeRefusesAndTheTenureEnds_givesUp() {
    store.plan((n, commit) -> Fault.REFUSED);
    CompletableFuture<Void> write = writer.write(List.of(put("k")));
    tenure.close();
    environment.advance(Duration.ofSeconds(1));

    assertThat(write).isCompletedExceptionally();
    assertThat(environment.scheduled()).as("nothing is tried for ever").isZero();
  }

  @Test
  void write_somebodyElseTouchedTheJob_isFencedOnce() {
    store.commit(tenure.commit(List.of(), List.of(put("job/j"))));

    assertThat(writer.write(List.of(put("k")))).isCompletedExceptionally();
    assertThat(writer.write(List.of(put("k"))))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    assertThat(fenced).hasValue(1);
  }

  @Test
  void writeBehind_nobodyWaits_isUnderWayAfterAMoment() {
    int before = store.commits.size();
    CompletableFuture<Void> first = writer.writeBehind(List.of(put("a")));
    CompletableFuture<Void> second = writer.writeBehind(List.of(put("b")));
    assertThat(store.commits).hasSize(before);
    environment.advance(Duration.ofMillis(5));

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(store.commits).hasSize(before + 1);
  }

  @Test
  void writeBehind_somebodyWaitsForWhatFollows_goesAlong() {
    int before = store.commits.size();
    int scheduled = environment.scheduled();
    CompletableFuture<Void> first = writer.writeBehind(List.of(put("a")));

    assertThat(writer.write(List.of(put("b")))).isCompleted();
    assertThat(first).isCompleted();
    assertThat(store.commits).hasSize(before + 1);
    assertThat(environment.scheduled()).as("nothing is left to be done").isEqualTo(scheduled);
  }

  @Test
  void flushed_somethingIsHeldBack_commitsItAtOnce() {
    writer.writeBehind(List.of(put("a")));

    assertThat(writer.flushed()).isCompleted();
    assertThat(store.get("a")).isPresent();
  }

  @Test
  void writeBehind_jobIsSomebodyElsesMeanwhile_isFenced() {
    CompletableFuture<Void> held = writer.writeBehind(List.of(put("a")));
    store.commit(tenure.commit(List.of(), List.of(put("job/j"))));
    environment.advance(Duration.ofMillis(5));

    assertThat(held).isCompletedExceptionally();
    assertThat(writer.flushed()).isCompletedExceptionally();
    assertThat(fenced).hasValue(1);
  }
}
