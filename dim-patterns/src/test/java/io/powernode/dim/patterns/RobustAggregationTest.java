package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the robust methods promise while at most so many contributions are arbitrary. */
class RobustAggregationTest {
  private static final Options NONE = Options.none();
  private static final int NUMBERS = 5;

  /** How many powers of ten, from 0.01 on, there are to lie by: near what is honest, or any. */
  private static final int NEAR = 4;

  private static final int FAR = 120;

  /** Contributions of which {@code liars} say anything at all, in a random order. */
  private record Crowd(List<double[]> honest, List<Input> inputs) {

    static Crowd of(int count, int liars, long seed) {
      Random random = new Random(seed);
      List<double[]> honest = new ArrayList<>();
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i < count - liars; i++) {
        honest.add(random.doubles(NUMBERS, -1, 1).toArray());
      }
      all.addAll(honest);
      int exponents = seed / 2 % 2 == 0 ? NEAR : FAR;
      double[] together = lie(random, honest, exponents);
      for (int i = 0; i < liars; i++) {
        all.add(seed % 2 == 0 ? together : lie(random, honest, exponents));
      }
      Collections.shuffle(all, random);
      List<Input> inputs = new ArrayList<>();
      for (double[] values : all) {
        String id = "n%03d".formatted(inputs.size());
        inputs.add(new Input(id, partial(1 + random.nextInt(1_000_000), values), 1));
      }
      return new Crowd(honest, inputs);
    }

    /** Far away, near by, or just beside an honest one: each fools another naive method. */
    private static double[] lie(Random random, List<double[]> honest, int exponents) {
      double scale = Math.pow(10, random.nextInt(exponents) - 2);
      double[] like = honest.get(random.nextInt(honest.size()));
      return Arrays.stream(like).map(v -> v + scale * random.nextGaussian()).toArray();
    }

    double lowest(int number) {
      return honest.stream().mapToDouble(values -> values[number]).min().orElseThrow();
    }

    double highest(int number) {
      return honest.stream().mapToDouble(values -> values[number]).max().orElseThrow();
    }

    double diameter() {
      return honest.stream().mapToDouble(this::farthest).max().orElseThrow();
    }

    double farthest(double[] from) {
      return honest.stream().mapToDouble(v -> distance(v, from)).max().orElseThrow();
    }

    double nearest(double[] from) {
      return honest.stream().mapToDouble(v -> distance(v, from)).min().orElseThrow();
    }
  }

  /** The numbers in two tensors, as methods must not treat tensors on their own. */
  private static Partial partial(long samples, double... values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("first", Tensor.ofDoubles(Arrays.copyOf(values, 2)));
    tensors.put("rest", Tensor.ofDoubles(Arrays.copyOfRange(values, 2, NUMBERS), 1, 3));
    return new Partial(tensors, samples);
  }

  private static double[] numbers(Partial partial) {
    return Stream.of("first", "rest")
        .flatMapToDouble(name -> Arrays.stream(partial.values().get(name).toDoubles()))
        .toArray();
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }

  private static Aggregate aggregate(Aggregator method, List<Input> inputs, Options options) {
    return method.aggregate(inputs, new MeanReduction(), options);
  }

  static Stream<Arguments> coordinateWise() {
    return Stream.of(
        arguments(new CoordinateMedian(), NONE, 5, 2, 0.0),
        arguments(new CoordinateMedian(), NONE, 12, 5, 0.0),
        arguments(new TrimmedMean(), NONE.with("trim", 0.2), 5, 1, 0.0),
        arguments(new TrimmedMean(), NONE.with("trim", 0.3), 10, 3, 0.0),
        arguments(new TrimmedMean(), NONE.with("trim", 0.49), 9, 4, 0.0),
        arguments(new Bulyan(), NONE.with("byzantine", 1), 7, 1, 1.0),
        arguments(new Bulyan(), NONE.with("byzantine", 3), 15, 3, 1.0),
        arguments(new Bulyan(), NONE.with("byzantine", 3).with("neighbours", "n-f"), 16, 3, 1.0));
  }

  @ParameterizedTest
  @MethodSource("coordinateWise")
  void coordinateWiseMethod_withArbitraryContributions_staysInTheRangeOfTheHonest(
      Aggregator method, Options options, int count, int liars, double widened) {
    for (long seed = 0; seed < 300; seed++) {
      Crowd crowd = Crowd.of(count, liars, seed);
      double[] answer = numbers(aggregate(method, crowd.inputs(), options).value());
      for (int i = 0; i < NUMBERS; i++) {
        double room = widened * (crowd.highest(i) - crowd.lowest(i));
        assertThat(answer[i]).isBetween(crowd.lowest(i) - room, crowd.highest(i) + room);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"n-f-2,3,1", "n-f-2,5,1", "n-f-2,6,2", "n-f-2,13,5", "n-f,5,2", "n-f,11,5"})
  void krumAndMultiKrum_withArbitraryContributions_takeOnlyThoseNearTheHonest(
      String neighbours, int count, int liars) {
    Options options = NONE.with("byzantine", liars).with("neighbours", neighbours);
    KrumScore score = KrumScore.of(options);
    int others = score.neighbours().others(count, liars);
    assertThat(count).isGreaterThanOrEqualTo(score.minimum());
    for (long seed = 0; seed < 300; seed++) {
      Crowd crowd = Crowd.of(count, liars, seed);
      double bound =
          crowd.diameter() * Math.sqrt((double) others / (others - liars + 1)) * (1 + 1e-9);
      Aggregate one = aggregate(new Krum(), crowd.inputs(), options);
      assertThat(crowd.nearest(numbers(one.value()))).isLessThanOrEqualTo(bound);
      Aggregate several = aggregate(new MultiKrum(), crowd.inputs(), options);
      assertThat(several.shares()).hasSize(count - liars).containsKeys(only(one));
      for (Input input : crowd.inputs()) {
        if (several.shares().containsKey(input.nodeId())) {
          assertThat(crowd.nearest(numbers(input.partial()))).isLessThanOrEqualTo(bound);
        }
      }
    }
  }

  @Test
  void krum_ofScoresThatTie_mayTakeWhatIsOutsideTheRangeOfTheHonest() {
    List<Input> inputs =
        List.of(
            new Input("a-liar", partial(1, 1.4, 0, 0, 0, 0), 1),
            new Input("b", partial(1, 1, 0, 0, 0, 0), 1),
            new Input("c", partial(1, 0, 0, 0, 0, 0), 1));
    Aggregate one = aggregate(new Krum(), inputs, NONE.with("byzantine", 1));
    assertThat(only(one)).isEqualTo("a-liar");
  }

  private static String only(Aggregate aggregate) {
    assertThat(aggregate.shares()).hasSize(1).containsValue(1.0);
    return aggregate.shares().keySet().iterator().next();
  }

  @Test
  void geometricMedian_withArbitraryContributions_staysWithinItsBound() {
    for (long seed = 0; seed < 100; seed++) {
      for (int liars = 0; liars <= 4; liars++) {
        Crowd crowd = Crowd.of(10, liars, seed);
        double[] middle = crowd.honest().get(0);
        Options options = NONE.with("iterations", 2_000);
        double[] answer =
            numbers(aggregate(new GeometricMedian(), crowd.inputs(), options).value());
        double share = liars / 10.0;
        double factor = 2 * (1 - share) / (1 - 2 * share);
        assertThat(distance(answer, middle))
            .isLessThanOrEqualTo(factor * crowd.farthest(middle) + 1e-4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1e6,0", "1e9,1e150"})
  void geometricMedian_ofATriangle_isItsFermatPoint(double away, double liar) {
    // Of an equilateral triangle that is the centre; two opposite ones more do not move it.
    double height = Math.sqrt(3);
    double[][] corners = {{-1, 0}, {1, 0}, {0, height}, {liar, height / 3}, {-liar, height / 3}};
    List<Input> inputs = new ArrayList<>();
    for (double[] corner : corners) {
      inputs.add(
          new Input("n" + inputs.size(), partial(1, corner[0] + away, corner[1], 0, 0, 0), 1));
    }
    Aggregate aggregate = aggregate(new GeometricMedian(), inputs, NONE);
    assertThat(numbers(aggregate.value()))
        .containsExactly(new double[] {away, height / 3, 0, 0, 0}, within(1e-5));
  }

  @Test
  void geometricMedian_thatIsAContribution_isFound() {
    List<Input> inputs =
        List.of(
            new Input("a", partial(1, 5, 5, 5, 5, 5), 1),
            new Input("b", partial(1, 5, 5, 5, 5, 5), 1),
            new Input("c", partial(1, 9, -5, 5, 5, 7), 1));
    assertThat(numbers(aggregate(new GeometricMedian(), inputs, NONE).value()))
        .containsExactly(new double[] {5, 5, 5, 5, 5}, within(1e-6));
  }

  static Stream<Arguments> weighted() {
    return Stream.of(
        arguments(new FederatedAveraging(), NONE),
        arguments(new WeightedAverage(), NONE),
        arguments(new WeightedAverage(), NONE.with("weighting", "samples")),
        arguments(new GeometricMedian(), NONE.with("weighting", "given")),
        arguments(new GeometricMedian(), NONE.with("weighting", "samples")));
  }

  @ParameterizedTest
  @MethodSource("weighted")
  void weightedMethod_duplicateContribution_equalsDoubledWeight(
      Aggregator method, Options options) {
    for (long seed = 0; seed < 50; seed++) {
      List<Input> inputs = Crowd.of(6, 1, seed).inputs();
      List<Input> twice = new ArrayList<>(inputs);
      Input first = inputs.get(0);
      twice.add(1, new Input(first.nodeId() + "-again", first.partial(), first.weight()));
      List<Input> doubled = new ArrayList<>(inputs);
      Partial more = new Partial(first.partial().values(), 2 * first.partial().samples());
      doubled.set(0, new Input(first.nodeId(), more, 2 * first.weight()));
      double[] expected = numbers(aggregate(method, doubled, options).value());
      double[] actual = numbers(aggregate(method, twice, options).value());
      for (int i = 0; i < NUMBERS; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-9 * (1 + Math.abs(expected[i]))));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"samples,2.5", "none,4", "given,3", "reputation,3"})
  void weightedAverage_byEachWeighting_weighsByThat(String weighting, double expected) {
    List<Input> inputs =
        List.of(
            new Input("a", partial(3, 1, 0, 0, 0, 0), 0.6),
            new Input("b", partial(1, 7, 0, 0, 0, 0), 0.3));
    Aggregate aggregate =
        aggregate(new WeightedAverage(), inputs, NONE.with("weighting", weighting));
    assertThat(numbers(aggregate.value())[0]).isCloseTo(expected, within(1e-12));
  }

  @Test
  void multiKrum_ofSelectedOnes_weighsAsAsked() {
    List<Input> inputs =
        List.of(
            new Input("a", partial(1, 0, 0, 0, 0, 0), 0.5),
            new Input("b", partial(3, 1, 0, 0, 0, 0), 1.0),
            new Input("liar", partial(1_000, 50, 0, 0, 0, 0), 1.0));
    Options options = NONE.with("byzantine", 1);
    assertThat(aggregate(new MultiKrum(), inputs, options))
        .isEqualTo(expected(0.5, Map.of("a", .5, "b", .5)));
    assertThat(aggregate(new MultiKrum(), inputs, options.with("weighting", "samples")))
        .isEqualTo(expected(0.75, Map.of("a", .25, "b", .75)));
    assertThat(
            aggregate(new MultiKrum(), inputs, options.with("weighting", "given"))
                .shares()
                .get("b"))
        .isCloseTo(2 / 3., within(1e-12));
  }

  private static Aggregate expected(double first, Map<String, Double> shares) {
    return new Aggregate(
        partial(4, first, 0, 0, 0, 0), shares, Map.of("liar", "not selected by multi_krum"));
  }

  @Test
  void bulyan_ofSelectedOnes_averagesThoseAroundTheirMedian() {
    // Krum takes 3, 2, 4, 1 and 5 one after the other; of these the three around 3 are averaged.
    double[] firsts = {1, 2, 3, 4, 5, 90, -70};
    List<Input> inputs = new ArrayList<>();
    for (double first : firsts) {
      inputs.add(new Input("n" + inputs.size(), partial(2, first, 0, 0, 0, 0), 1));
    }
    Aggregate aggregate = aggregate(new Bulyan(), inputs, NONE.with("byzantine", 1));
    assertThat(numbers(aggregate.value())[0]).isEqualTo(3);
    assertThat(aggregate.value().samples()).isEqualTo(10);
    assertThat(aggregate.shares()).containsOnlyKeys("n0", "n1", "n2", "n3", "n4");
    assertThat(aggregate.shares().values()).containsOnly(0.2);
    assertThat(aggregate.rejected())
        .isEqualTo(Map.of("n5", "not selected by bulyan", "n6", "not selected by bulyan"));
  }

  @ParameterizedTest
  @CsvSource({
    "krum,n-f-2,0,1",
    "krum,n-f-2,1,3",
    "krum,n-f-2,2,6",
    "krum,n-f-2,3,8",
    "krum,n-f,1,3",
    "krum,n-f,2,5",
    "krum,n-f,4999,9999",
    "multi_krum,n-f-2,2,6",
    "bulyan,n-f-2,0,1",
    "bulyan,n-f-2,1,7",
    "bulyan,n-f,2,11"
  })
  void minimum_ofContributions_growsWithTheArbitraryOnes(
      String method, String neighbours, int byzantine, int expected) {
    Aggregator aggregator =
        Stream.of(new Krum(), new MultiKrum(), new Bulyan())
            .filter(candidate -> candidate.name().equals(method))
            .findFirst()
            .orElseThrow();
    Options options = NONE.with("byzantine", byzantine).with("neighbours", neighbours);
    assertThat(aggregator.minimum(options)).isEqualTo(expected);
  }

  @Test
  void minimum_ofMultiKrum_leavesRoomForTheArbitraryOnesBesideTheSelected() {
    assertThat(new MultiKrum().minimum(NONE.with("byzantine", 2).with("select", 9))).isEqualTo(11);
  }

  @Test
  void distanceMethods_ofContributionsBeyondFp64_fail() {
    List<Input> inputs =
        List.of(
            new Input("a", partial(1, 1e200, 0, 0, 0, 0), 1),
            new Input("b", partial(1, -1e200, 0, 0, 0, 0), 1),
            new Input("c", partial(1, 0, 1e200, 0, 0, 0), 1));
    for (Aggregator method : List.of(new Krum(), new GeometricMedian())) {
      assertThatThrownBy(() -> aggregate(method, inputs, NONE.with("byzantine", 0)))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContaining("too far apart");
    }
  }

  @Test
  void methods_ofManyNumbers_equalThoseOnEachNumber() {
    // More than one block, and a last one that is not full.
    Random random = new Random(1);
    List<double[]> nodes = new ArrayList<>();
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(random.doubles(100_003).toArray());
      Partial partial = new Partial(Map.of("risk", Tensor.ofDoubles(nodes.get(i))), 1);
      inputs.add(new Input("n" + i, partial, 1));
    }
    double[] trimmed =
        aggregate(new TrimmedMean(), inputs, NONE.with("trim", 0.25))
            .value()
            .values()
            .get("risk")
            .toDoubles();
    for (int at = 0; at < trimmed.length; at++) {
      int place = at;
      double[] column = nodes.stream().mapToDouble(node -> node[place]).sorted().toArray();
      assertThat(trimmed[at]).isEqualTo((column[1] + column[2]) / 2);
    }
    Distances distances = Distances.between(Average.partials(inputs));
    for (int i = 0; i < 4; i++) {
      for (int j = i + 1; j < 4; j++) {
        double expected = distance(nodes.get(i), nodes.get(j));
        assertThat(Math.sqrt(distances.squared(i, j))).isCloseTo(expected, within(1e-9));
        assertThat(distances.squared(j, i)).isEqualTo(distances.squared(i, j));
      }
    }
  }
}
