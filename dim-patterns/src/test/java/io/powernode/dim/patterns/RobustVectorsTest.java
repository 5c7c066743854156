package io.powernode.dim.patterns;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The robust methods on Flower's and ByzFL's numbers. */
class RobustVectorsTest {
  private static final Options NONE = Options.none();

  /** What ByzFL's numbers for the geometric median were made with. */
  private static final Options THREE_STEPS =
      NONE.with("smoothing", 0.1).with("iterations", 3).with("tolerance", 0.0);

  /** Why a method of ByzFL has no counterpart here. */
  private static final Map<String, String> NOT_OURS =
      Map.ofEntries(
          entry("CenteredClipping", "clips around a moving centre, normClip around zero"),
          entry("MDA", "minimum diameter averaging is not a method of the contract"),
          entry("SMEA", "smallest maximum eigenvalue averaging is not a method of the contract"),
          entry("MoNNA", "trusts one node's vector, and here no node is the trusted one"),
          entry("Meamed", "the mean around the median is here a part of bulyan only"),
          entry("CAF", "covariance-bound filtering is not a method of the contract"),
          entry("NNM", "mixing with nearest neighbours before is not a method of the contract"),
          entry("ARC", "clips to a bound that depends on the others, normClip to a given one"),
          entry("SignFlipping", "an attack, not an aggregation"),
          entry("InnerProductManipulation", "an attack, not an aggregation"));

  static Stream<JsonNode> flowersKrum() throws IOException {
    return Vectors.cases("aggregation/flower-krum.json");
  }

  @ParameterizedTest
  @MethodSource("flowersKrum")
  void krumAndMultiKrum_ofFlowersVectors_agree(JsonNode vector) {
    int keep = vector.at("/inputs/num_to_keep").intValue();
    Options options = NONE.with("byzantine", vector.at("/inputs/f").intValue());
    List<Input> clients = FlowerCase.clients(vector);
    Aggregate aggregate =
        keep == 0
            ? aggregate(new Krum(), clients, options)
            : aggregate(
                new MultiKrum(),
                clients,
                options.with("select", keep).with("weighting", "samples"));
    FlowerCase.agrees(vector, aggregate);
    assertThat(aggregate.shares()).hasSize(Math.max(1, keep));
  }

  static Stream<JsonNode> flowersTrimmedMean() throws IOException {
    return Vectors.cases("aggregation/flower-trimmed-mean.json");
  }

  @ParameterizedTest
  @MethodSource("flowersTrimmedMean")
  void trimmedMean_ofFlowersVectors_agrees(JsonNode vector) {
    Options options = NONE.with("trim", vector.at("/inputs/beta").doubleValue());
    FlowerCase.agrees(vector, aggregate(new TrimmedMean(), FlowerCase.clients(vector), options));
  }

  static Stream<JsonNode> flowersLoss() throws IOException {
    return Vectors.cases("aggregation/flower-weighted-loss.json");
  }

  @ParameterizedTest
  @MethodSource("flowersLoss")
  void federatedAveraging_ofFlowersLosses_agrees(JsonNode vector) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode result : vector.at("/inputs/results")) {
      Partial loss = Rows.partial(result.get(0).longValue(), result.get(1).doubleValue());
      inputs.add(new Input("n" + inputs.size(), loss, 1));
    }
    assertThat(numbers(aggregate(new FederatedAveraging(), inputs, NONE)))
        .containsExactly(
            new double[] {vector.at("/expected/loss").doubleValue()},
            within(vector.at("/tolerance/abs").doubleValue()));
  }

  static Stream<JsonNode> byzfl() throws IOException {
    return Vectors.cases("aggregation/byzfl-docstrings.json");
  }

  static Stream<JsonNode> byzflsThatWeHave() throws IOException {
    return byzfl().filter(vector -> !NOT_OURS.containsKey(method(vector)));
  }

  @ParameterizedTest
  @MethodSource("byzflsThatWeHave")
  void methods_ofByzflsVectors_agree(JsonNode vector) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode row : vector.at("/inputs/vectors")) {
      Partial partial = new Partial(Map.of("risk", Vectors.tensor(row)), 1);
      inputs.add(new Input("n" + inputs.size(), partial, 1));
    }
    double argument = vector.at("/inputs/args/0").asDouble();
    List<double[]> results =
        switch (method(vector)) {
          case "Average" -> one(new FederatedAveraging(), inputs, NONE);
          case "Median" -> one(new CoordinateMedian(), inputs, NONE);
          case "TrMean" ->
              one(new TrimmedMean(), inputs, NONE.with("trim", argument / inputs.size()));
          case "GeometricMedian" -> one(new GeometricMedian(), inputs, THREE_STEPS);
          case "Krum" -> one(new Krum(), inputs, byzantine(argument));
          case "MultiKrum" -> one(new MultiKrum(), inputs, byzantine(argument));
          case "Clipping" -> clipped(inputs, argument);
          default -> throw new AssertionError("neither ours nor listed: " + method(vector));
        };
    JsonNode expected = vector.at("/expected/result");
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i))
          .containsExactly(
              Vectors.tensor(results.size() > 1 ? expected.get(i) : expected).toDoubles(),
              within(vector.at("/tolerance/abs").doubleValue()));
    }
  }

  private static Options byzantine(double count) {
    return NONE.with("byzantine", count).with("neighbours", "n-f");
  }

  private static List<double[]> one(Aggregator method, List<Input> inputs, Options options) {
    return List.of(numbers(aggregate(method, inputs, options)));
  }

  private static List<double[]> clipped(List<Input> inputs, double bound) {
    return NormClip.of(inputs, Optional.of(bound)).inputs().stream()
        .map(input -> input.partial().values().get("risk").toDoubles())
        .toList();
  }

  @Test
  void methodsOfByzfl_thatAreListedAsNotOurs_areInTheFile() throws IOException {
    assertThat(byzfl().map(RobustVectorsTest::method)).containsAll(NOT_OURS.keySet());
  }

  private static String method(JsonNode vector) {
    JsonNode inputs = vector.get("inputs");
    return Stream.of("aggregator", "pre_aggregator", "attack")
        .map(name -> inputs.path(name).asText())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static Aggregate aggregate(Aggregator method, List<Input> inputs, Options options) {
    assertThat(inputs).hasSizeGreaterThanOrEqualTo(method.minimum(options));
    return method.aggregate(inputs, new MeanReduction(), options);
  }

  private static double[] numbers(Aggregate aggregate) {
    return aggregate.value().values().get("risk").toDoubles();
  }
}
