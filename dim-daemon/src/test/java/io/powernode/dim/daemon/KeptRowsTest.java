package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that stay are bounded, belong to their job, and go in the end. */
class KeptRowsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
  private final RowSet rows = set(10);
  private final KeptRows store =
      new KeptRows(environment, new KeptRows.Size(rows.bytes() * 2, HOUR));

  @AfterEach
  void close() {
    environment.close();
  }

  private static RowSet set(int rows) {
    Batch block =
        new Batch(
            rows,
            Map.of("x", Tensor.ofDoubles(new double[rows])),
            Optional.empty(),
            Tensor.ofLongs(new long[rows]));
    return new RowSet(List.of(block), Set.of(CabinetPolicy.denyAll()), RowGroups.one(rows));
  }

  private String keep(String jobId) {
    store.reserve(rows.bytes(), 0);
    return store.keep(jobId, rows);
  }

  private void assertLost(String jobId, String handle) {
    assertThatThrownBy(() -> store.find(jobId, handle))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.ROWS_LOST);
              assertThat(e.info().retryable()).isFalse();
            });
  }

  @Test
  void find_ofAHandle_findsItsRowsForItsJobAlone() {
    String handle = keep("job-1");
    assertThat(store.find("job-1", handle)).isSameAs(rows);
    assertLost("job-2", handle);
    assertLost("job-1", "another");
  }

  @Test
  void release_ofAJob_forgetsItsRowsAndMakesRoom() {
    String first = keep("job-1");
    String second = keep("job-2");
    assertThatThrownBy(() -> keep("job-2")).hasMessageContaining("room");
    store.release("job-1");
    store.release("job-1");
    assertLost("job-1", first);
    assertThat(store.find("job-2", second)).isSameAs(rows);
    keep("job-3");
    store.clear();
    assertLost("job-2", second);
    keep("job-4");
    keep("job-4");
  }

  @Test
  void keep_afterTheJobWasReleased_isRefused() {
    store.release("job-1");
    store.reserve(rows.bytes(), 0);

    DimException ended = catchThrowableOfType(DimException.class, () -> store.keep("job-1", rows));

    assertThat(ended.code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(ended.info().retryable()).isFalse();
    assertThat(store.find("job-2", keep("job-2"))).isSameAs(rows);
  }

  @Test
  void release_ofManyJobs_forgetsTheOneReleasedLongestAgo() {
    store.release("job-1");
    store.release("job-2");
    store.release("job-1");
    for (int i = 0; i < KeptRows.ENDED_JOBS - 1; i++) {
      store.release("other-" + i);
    }

    assertThat(store.find("job-2", keep("job-2"))).as("forgotten").isSameAs(rows);
    assertThatThrownBy(() -> keep("job-1")).hasMessageContaining("the job has ended");
  }

  @Test
  void reserve_beyondTheRoom_isRefusedForNowOrForGood() {
    String handle = keep("job-1");
    DimException later =
        catchThrowableOfType(DimException.class, () -> store.reserve(rows.bytes() + 1, 0));
    DimException never =
        catchThrowableOfType(
            DimException.class, () -> store.reserve(rows.bytes() + 1, rows.bytes()));
    assertThat(later.code()).isEqualTo(never.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(later.info().retryable()).isTrue();
    assertThat(never.info().retryable()).isFalse();
    assertThat(store.find("job-1", handle)).as("nothing is dropped for it").isSameAs(rows);
  }

  @Test
  void giveBack_ofRoomThatIsNotUsed_letsOthersHaveIt() {
    store.reserve(rows.bytes() * 2, 0);
    store.giveBack(rows.bytes() * 2);
    keep("job-1");
    keep("job-1");
  }

  @Test
  void rows_thatNobodyUses_goAfterTheirTime() {
    String unused = keep("job-1");
    String used = keep("job-2");
    environment.advance(HOUR.dividedBy(2));
    store.find("job-2", used);
    environment.advance(HOUR.dividedBy(2));
    assertLost("job-1", unused);
    assertThat(store.find("job-2", used)).isSameAs(rows);
    keep("job-3");
    environment.advance(HOUR);
    assertLost("job-2", used);
    keep("job-4");
    keep("job-4");
  }

  @Test
  void digest_ofRows_tellsThemFromOthersOnlyWithItsSalt() {
    byte[] salt = store.salt();
    assertThat(rows.digest(salt)).isEqualTo(set(10).digest(salt)).isNotEqualTo(set(9).digest(salt));
    assertThat(rows.digest(salt)).isNotEqualTo(rows.digest(store.salt()));
  }
}
