package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnePlaceTest {

  @Test
  void metrics_ofFourRows_areThoseCountedByHand() {
    Metrics metrics =
        OnePlace.metrics(
            List.of("no", "yes"),
            new double[] {0.25, 0.5, 0.5, 0.75},
            new boolean[] {false, false, true, true},
            0.5);
    assertThat(metrics.confusion()).isEqualTo(List.of(List.of(1L, 1L), List.of(0L, 2L)));
    assertThat(metrics.accuracy()).isEqualTo(0.75);
    assertThat(metrics.logLoss().orElseThrow())
        .isCloseTo(-(2 * Math.log(0.75) + 2 * Math.log(0.5)) / 4, within(1e-15));
    assertThat(metrics.auc()).contains(0.875);
  }

  @Test
  void answer_ofOtherRows_isAnother() {
    try (DemoData data = DemoData.unpack()) {
      var risk = data.model(DemoJobs.RISK);
      OnePlace all = OnePlace.of(risk, data.file(risk), data.pooled());
      OnePlace some = OnePlace.of(risk, data.file(risk), data.pooled().first(150));
      assertThat(some.samples()).isEqualTo(150);
      assertThat(some.meanRisk())
          .isCloseTo(0.1986438856, within(1e-6))
          .isNotEqualTo(all.meanRisk());
    }
  }
}
