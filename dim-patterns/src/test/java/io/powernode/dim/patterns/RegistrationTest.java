package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.Reduction;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  @Test
  void serviceLoader_always_findsEveryPluginByItsName() {
    assertThat(ServiceLoader.load(PatternEngine.class))
        .extracting(Named::name)
        .containsExactlyInAnyOrder("collaborative", "comparative", "chained");
    assertThat(ServiceLoader.load(Reduction.class))
        .extracting(Named::name)
        .containsExactlyInAnyOrder(
            "mean",
            "sum",
            "histogram",
            "metrics",
            "votes",
            "numbers",
            "none",
            "calibration",
            "decision_calibration");
    assertThat(ServiceLoader.load(ConditionLanguage.class))
        .extracting(Named::name)
        .containsExactly("chained");
    assertThat(ServiceLoader.load(Aggregator.class))
        .extracting(Named::name)
        .containsExactlyInAnyOrder(
            "federated_averaging",
            "weighted_average",
            "median",
            "trimmed_mean",
            "geometric_median",
            "krum",
            "multi_krum",
            "bulyan",
            "sum",
            "histogram",
            "metrics");
    assertThat(ServiceLoader.load(ConsensusRule.class))
        .extracting(Named::name)
        .containsExactlyInAnyOrder(
            "majority_vote",
            "weighted_vote",
            "expert_review",
            "dawid_skene",
            "mean_probability",
            "median_probability",
            "mean",
            "weighted_mean",
            "median");
  }
}
