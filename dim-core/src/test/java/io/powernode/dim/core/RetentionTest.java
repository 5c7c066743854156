package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ended jobs and time. */
class RetentionTest {
  private static final Duration KEPT = Duration.ofHours(1);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final StateStore memory = InMemoryStateStore.create(environment);
  private final StateStore store = new BytesOnlyStore(memory);
  private final Committing committing = new Committing(store, environment);
  private final DimJson json = DimJson.standard().with("scripted", ScriptedEngine.Spec.class);
  private final JobBook book = new JobBook(store, json);

  private final EndOrder order = new EndOrder(book, environment);

  private Tenure tenure(String owner) {
    return new Tenure(committing, owner, Duration.ofSeconds(15), false, () -> {});
  }

  private Retention retention(Tenure tenure) {
    Retention retention =
        new Retention(
            tenure, book, order, new Retention.Limits(1_000_000, Optional.of(KEPT), true));
    retention.start();
    return retention;
  }

  /** A job that ended just now, with all that is kept for one. */
  private void ended(String id) {
    JobSpec spec = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey(id).build();
    JobRecord record =
        new JobRecord(
            new JobRecord.Identity(id, "ann"),
            spec,
            Map.of(),
            new JobRecord.Lifecycle(
                JobState.COMPLETED,
                1,
                1,
                0,
                environment.now(),
                Optional.of(environment.now()),
                spec.timeout()),
            JobRecord.Account.none(),
            Optional.empty(),
            Optional.empty());
    Journal.Entry step = new Journal.Entry("a", Digest.of(new byte[0]), new Fact.Noted("1"));
    commit(
        book.putEnded(record, order.next()),
        book.put(id, new JobBook.End(Optional.empty(), List.of())),
        book.put(
            Keys.idempotency("ann", id), new JobBook.IdempotentUse(id, Digest.of(new byte[0]), 1)),
        Journal.write(id, step, json),
        book.put(new Intent.Cancel(id)));
  }

  private void commit(Write... writes) {
    CommitResult result =
        committing.settled(
            committing.handIn(committing.commit("jobs", List.of(), List.of(writes))));
    assertThat(result).isInstanceOf(CommitResult.Committed.class);
  }

  private boolean isKept(String id) {
    List<Boolean> parts =
        List.of(
            store.get(Keys.job(id)).isPresent(),
            store.get(Keys.end(id)).isPresent(),
            store.get(Keys.idempotency("ann", id)).isPresent(),
            !book.journalDeletions(id).isEmpty(),
            store.get(Keys.cancel(id)).isPresent());
    assertThat(parts).as("the parts of %s", id).containsOnly(parts.get(0));
    return parts.get(0);
  }

  @Test
  void time_ofAJobPasses_itGoesWithAllThatIsKeptForIt() {
    retention(tenure("a"));
    ended("old");
    environment.advance(KEPT.minusMinutes(5));
    ended("young");
    environment.advance(Duration.ofMinutes(4));
    assertThat(isKept("old")).isTrue();
    environment.advance(Duration.ofMinutes(3));
    assertThat(isKept("old")).isFalse();
    assertThat(isKept("young")).isTrue();
    environment.advance(KEPT);
    assertThat(isKept("young")).isFalse();
  }

  @Test
  void time_ofAJobThatAClockAheadEnded_keepsNoOtherFromGoing() {
    retention(tenure("a"));
    environment.wallOff = Duration.ofDays(1);
    ended("ahead");
    environment.wallOff = Duration.ZERO;
    ended("right");
    environment.advance(KEPT.plusMinutes(2));
    assertThat(isKept("right")).isFalse();
    assertThat(isKept("ahead")).isTrue();
    environment.advance(Duration.ofDays(1));
    assertThat(isKept("ahead")).isFalse();
  }

  @Test
  void many_whoseTimePassed_goInSmallBatches() {
    retention(tenure("a"));
    for (int i = 0; i < 350; i++) {
      ended("job-" + i);
    }
    List<Integer> batches = new ArrayList<>();
    store.watch("a", 0, change -> batches.add(((StateStore.Change.Applied) change).keys().size()));
    environment.advance(KEPT.plusMinutes(2));
    assertThat(book.countEnded()).isZero();
    assertThat(batches).allSatisfy(keys -> assertThat(keys).isLessThanOrEqualTo(400));
  }

  @Test
  void several_orchestrators_leaveItToTheOldestThatLives() {
    Tenure first = tenure("a");
    Tenure second = tenure("b");
    retention(second);
    Retention ofFirst = retention(first);
    List<String> heard = new ArrayList<>();
    for (String owner : List.of("a", "b")) {
      store.watch(owner, 0, change -> heard.add(owner));
    }
    ended("one");
    environment.advance(KEPT.plusMinutes(2));
    assertThat(heard).containsOnly("a");

    ofFirst.close();
    first.close();
    ended("two");
    heard.clear();
    environment.advance(KEPT.plusMinutes(2));
    assertThat(heard).containsOnly("b");
    assertThat(book.countEnded()).isZero();
  }

  @Test
  void job_thatCannotBeReadHere_staysAndKeepsNoOtherFromGoing() {
    retention(tenure("a"));
    StoredValue unknown = StoredValue.of("{}".getBytes(StandardCharsets.UTF_8));
    commit(
        new Write.Put(Keys.job("odd"), unknown, Map.of(Keys.JOBS_BY_END, "0000000000000000001")));
    ended("one");
    environment.advance(KEPT.plusMinutes(2));
    assertThat(isKept("one")).isFalse();
    assertThat(store.get(Keys.job("odd"))).isPresent();
  }
}
