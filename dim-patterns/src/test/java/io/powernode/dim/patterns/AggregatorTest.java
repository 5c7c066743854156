package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AggregatorTest {
  private static final Reduction MEAN = new MeanReduction();

  static Stream<JsonNode> fedavg() throws IOException {
    return Vectors.cases("aggregation/flower-fedavg.json");
  }

  @ParameterizedTest
  @MethodSource("fedavg")
  void federatedAveraging_ofFlowersVectors_agrees(JsonNode vector) {
    FlowerCase.agrees(vector, aggregate(new FederatedAveraging(), FlowerCase.clients(vector)));
  }

  @ParameterizedTest
  @MethodSource("fedavg")
  void weightedAverage_byFlowersNumbersOfExamples_agrees(JsonNode vector) {
    FlowerCase.agrees(vector, aggregate(new WeightedAverage(), FlowerCase.clients(vector)));
  }

  static Stream<JsonNode> medians() throws IOException {
    return Vectors.cases("aggregation/flower-median.json");
  }

  @ParameterizedTest
  @MethodSource("medians")
  void median_ofFlowersVectors_agrees(JsonNode vector) {
    FlowerCase.agrees(vector, aggregate(new CoordinateMedian(), FlowerCase.clients(vector)));
  }

  @Test
  void shares_ofEveryMethod_sumToOne() {
    List<Input> inputs =
        List.of(
            new Input("a", Rows.partial(1, 1), 0.9),
            new Input("b", Rows.partial(2, 2), 0.6),
            new Input("c", Rows.partial(7, 3), 0.3));
    assertThat(aggregate(new FederatedAveraging(), inputs).shares())
        .isEqualTo(Map.of("a", .1, "b", .2, "c", .7));
    assertThat(aggregate(new WeightedAverage(), inputs).shares().get("a"))
        .isCloseTo(0.5, within(1e-12));
    assertThat(aggregate(new CoordinateMedian(), inputs).shares())
        .isEqualTo(Map.of("a", 1 / 3., "b", 1 / 3., "c", 1 / 3.));
    for (Aggregator method :
        List.of(new FederatedAveraging(), new WeightedAverage(), new CoordinateMedian())) {
      Aggregate aggregate = aggregate(method, inputs);
      assertThat(aggregate.shares().values().stream().mapToDouble(s -> s).sum())
          .isCloseTo(1, within(1e-12));
      assertThat(aggregate.value().samples()).isEqualTo(10);
    }
  }

  @Test
  void weightedAverage_duplicateContribution_equalsDoubledWeight() {
    Partial x = Rows.partial(3, 1.25, -4);
    Partial y = Rows.partial(5, 9.5, 2);
    Aggregate twice =
        aggregate(
            new WeightedAverage(),
            List.of(new Input("a", x, 0.4), new Input("a2", x, 0.4), new Input("b", y, 0.3)));
    Aggregate doubled =
        aggregate(new WeightedAverage(), List.of(new Input("a", x, 0.8), new Input("b", y, 0.3)));
    assertThat(twice.value().values().get("risk").toDoubles())
        .containsExactly(doubled.value().values().get("risk").toDoubles(), within(1e-12));
  }

  @Test
  void weightedAverage_ofHugeAndTinyWeights_staysFinite() {
    Aggregate aggregate =
        aggregate(
            new WeightedAverage(),
            List.of(
                new Input("a", Rows.partial(1, 2), Double.MAX_VALUE),
                new Input("b", Rows.partial(1, 4), Double.MAX_VALUE),
                new Input("c", Rows.partial(1, 1e9), Double.MIN_NORMAL)));
    assertThat(aggregate.value().values().get("risk").toDoubles())
        .containsExactly(new double[] {3}, within(1e-12));
  }

  @Test
  void median_ofOneLiar_staysAmongTheHonest() {
    Aggregate aggregate =
        aggregate(
            new CoordinateMedian(),
            List.of(
                new Input("a", Rows.partial(1, 1), 1),
                new Input("b", Rows.partial(1, 2), 1),
                new Input("liar", Rows.partial(1_000_000, 1e300), 1)));
    assertThat(aggregate.value().values().get("risk").toDoubles()).containsExactly(2);
  }

  @Test
  void sum_ofNodes_addsTheirSums() {
    Aggregate aggregate =
        new SumAggregator()
            .aggregate(
                List.of(
                    new Input("a", Rows.partial(1, 1), 1), new Input("b", Rows.partial(3, 5), 1)),
                new SumReduction(),
                Options.none());
    assertThat(aggregate.value()).isEqualTo(Rows.partial(4, 6));
    assertThat(aggregate.shares()).isEqualTo(Map.of("a", .25, "b", .75));
  }

  private static Aggregate aggregate(Aggregator aggregator, List<Input> inputs) {
    return aggregator.aggregate(inputs, MEAN, Options.none());
  }
}
