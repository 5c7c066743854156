package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobState;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The auditor sees what it is there for, and nothing else. */
class AuditorTest {
  private static final String DIGEST = Digest.of(new byte[0]).value();

  private final Auditor auditor = new Auditor();
  private final Environment environment = Environment.system();
  private final StateStore store = InMemoryStateStore.create(environment);

  @AfterEach
  void close() {
    store.close();
    environment.close();
  }

  private static List<String> report(String... fields) {
    return List.of(fields);
  }

  private static List<String> begin(String step, int epoch, String effect) {
    return report(Auditor.BEGIN, "j", step, "1", DIGEST, "n0", Integer.toString(epoch), effect);
  }

  /** Handed in at a moment in which every session that ends in a test has ended. */
  private static List<String> durable(String... keys) {
    return Stream.concat(
            Stream.of(Auditor.DURABLE, "1", Long.toString(System.nanoTime() + Long.MAX_VALUE / 4)),
            Stream.of(keys))
        .toList();
  }

  private static List<String> effect(String key, String action) {
    return report(Auditor.EFFECT, "j", key, action);
  }

  private void hear(List<List<String>> reports) {
    reports.forEach(report -> auditor.hear("p1", report));
  }

  static Stream<List<List<String>>> whatIsFine() {
    return Stream.of(
        List.of(begin("s", 1, "PURE"), begin("s", 1, "PURE"), durable("journal/j/fact:s")),
        List.of(durable("journal/j/intent:s"), begin("s", 1, "EFFECTFUL")),
        List.of(durable("journal/j/fact:s"), report(Auditor.ACKNOWLEDGE, "j", "s", "1", "n0", "")),
        List.of(durable("end/j"), report(Auditor.ACKNOWLEDGE, "j", "s", "1", "n0", "")),
        List.of(effect("j/s", "book"), effect("j/s", "book"), effect("j/s/undo", "unbook")));
  }

  @ParameterizedTest
  @MethodSource("whatIsFine")
  void hear_whatIsFine_findsNoFault(List<List<String>> reports) {
    hear(reports);
    assertThat(auditor.history().faults()).isEmpty();
  }

  static Stream<Arguments> whatIsNot() {
    return Stream.of(
        Arguments.of(List.of(durable("journal/j/fact:s"), begin("s", 1, "PURE")), "was sent again"),
        Arguments.of(List.of(begin("s", 1, "EFFECTFUL")), "without a durable intent"),
        Arguments.of(
            List.of(report(Auditor.ACKNOWLEDGE, "j", "s", "1", "n0", "")),
            "was acknowledged before it was durable"),
        Arguments.of(
            List.of(report(Auditor.ENDED, "j", "FAILED"), report(Auditor.ENDED, "j", "FAILED")),
            "was announced twice as ended"),
        Arguments.of(
            List.of(report(Auditor.CONFLICT, "1", "LiveSession"), durable("job/j")),
            "p1 wrote it in epoch 1, which had ended"),
        Arguments.of(
            List.of(effect("j/s", "book"), effect("j/s", "burn")), "is used for book and for burn"),
        Arguments.of(
            List.of(effect("j/s/undo", "unbook"), effect("j/s", "book")),
            "takes effect after it was undone"),
        Arguments.of(
            List.of(
                durable("journal/j/intent:s", "journal/j/intent:s/undo"),
                begin("s", 1, "EFFECTFUL"),
                begin("s/undo", 2, "EFFECTFUL"),
                effect("j/s/undo", "unbook"),
                begin("s", 2, "EFFECTFUL"),
                effect("j/s", "book")),
            "takes effect after it was undone"));
  }

  @ParameterizedTest
  @MethodSource("whatIsNot")
  void hear_whatIsNotFine_findsTheFaultAndTellsTheHistory(
      List<List<String>> reports, String fault) {
    hear(reports);
    assertThat(auditor.history().faults()).hasSize(2);
    assertThat(auditor.history().faults().get(0)).contains(fault);
    assertThat(auditor.history().faults().get(1)).contains("FAULT: ");
  }

  @Test
  void begin_underALowerEpochThanSeen_isFenced() {
    assertThat(auditor.hear("p1", begin("s", 2, "PURE"))).contains("go");
    assertThat(auditor.hear("p2", begin("s", 1, "PURE"))).contains(Auditor.FENCED);
    assertThat(auditor.history().faults()).isEmpty();
  }

  @Test
  void effect_ofAnEarlierOwner_isFencedUntilTheLaterOneAsksForIt() {
    hear(List.of(durable("journal/j/intent:s", "journal/j/intent:t"), begin("s", 1, "EFFECTFUL")));
    auditor.hear("p2", begin("t", 2, "EFFECTFUL"));
    assertThat(auditor.hear("p1", effect("j/s", "book"))).contains(Auditor.FENCED);
    assertThat(auditor.hear("p2", effect("j/t", "book"))).contains("done");
    assertThat(auditor.world().effects()).isEqualTo(1);
    assertThat(auditor.count(Auditor.STALE)).isEqualTo(1);
    auditor.hear("p1", begin("s", 3, "EFFECTFUL"));
    assertThat(auditor.hear("p1", effect("j/s", "book"))).contains("done");
    assertThat(auditor.history().faults()).isEmpty();
  }

  @Test
  void world_withEffectsLeft_isComparedWithTheJobsEnd() {
    hear(List.of(effect("j/s", "book"), effect("j/t", "book"), effect("j/t/undo", "unbook")));
    auditor.world().audit("j", JobState.COMPLETED, "", 1);
    auditor.world().audit("j", JobState.FAILED, "COMPENSATION_FAILED", 1);
    assertThat(auditor.history().faults()).isEmpty();
    auditor.world().audit("j", JobState.FAILED, "JOB_TIMEOUT", 1);
    assertThat(auditor.history().faults().get(0)).contains("1 effects are left instead of 0");
  }

  @Test
  void store_thatLostWhatWasClaimed_isFoundOut() {
    hear(List.of(durable("job/j", "journal/j/fact:s"), durable("job/j"), durable("journal/k/s")));
    auditor.claims().promised("job/l");
    put("job/j", "end/k", "end/k");
    auditor.read(store);
    assertThat(auditor.history().faults())
        .contains(
            "j: job/j is lost: version 1 instead of 2",
            "j: journal/j/fact:s is lost",
            "l: job/l is lost: version 0 instead of 1")
        .noneMatch(fault -> fault.contains("journal/k"));
  }

  @Test
  void store_inWhichAJobEndedTwice_isFoundOut() {
    hear(List.of(durable("end/j")));
    put("end/j", "end/j");
    auditor.read(store);
    assertThat(auditor.history().faults()).contains("j: ended 2 times");
  }

  private void put(String... keys) {
    for (String key : keys) {
      Write write = Write.Put.of(key, StoredValue.of(new byte[0]));
      store.commit(new Commit("s", environment.newId("tx"), List.of(), List.of(write)));
    }
  }

  @Test
  void job_withoutAnOwner_isTimedUntilAnotherWritesIt() {
    Ownership ownership = auditor.ownership();
    hear(List.of(durable("job/j"), durable("job/k"), durable("job/l")));
    ownership.gone("p1");
    put("end/l");
    assertThat(ownership.orphans(store)).containsExactlyInAnyOrder("j", "k");
    auditor.hear("p2", durable("job/j"));
    auditor.hear("p2", durable("end/k"));
    assertThat(ownership.takeOverMillis()).hasSize(1);
    assertThat(ownership.orphans(store)).isEmpty();
  }
}
