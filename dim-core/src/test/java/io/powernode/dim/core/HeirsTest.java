package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeirsTest {
  private static final List<String> JOBS =
      IntStream.range(0, 3_000).mapToObj(i -> "job-" + i).toList();

  @Test
  void isFirst_amongTheLiving_givesEachJobToOneAndAboutAsManyToEach() {
    Map<String, Long> heirs = heirs(Set.of(7L, 8L, 1_000_000L));
    for (long epoch : List.of(7L, 8L, 1_000_000L)) {
      assertThat(heirs.values().stream().filter(heir -> heir == epoch).count())
          .as("jobs of %d", epoch)
          .isBetween(900L, 1_100L);
    }
  }

  @Test
  void isFirst_whenOneMoreDies_movesOnlyItsJobs() {
    Map<String, Long> before = heirs(Set.of(1L, 2L, 3L));
    Map<String, Long> after = heirs(Set.of(1L, 3L));
    before.forEach(
        (job, heir) -> {
          if (heir != 2) {
            assertThat(after.get(job)).isEqualTo(heir);
          }
        });
  }

  /** Who takes which job, each of the living asked for itself. */
  private static Map<String, Long> heirs(Set<Long> living) {
    Map<String, Long> heirs = new HashMap<>();
    for (String job : JOBS) {
      List<Long> first =
          living.stream().filter(epoch -> new Heirs(living).isFirst(epoch, job)).toList();
      assertThat(first).hasSize(1);
      heirs.put(job, first.get(0));
    }
    return heirs;
  }
}
