package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HistogramReductionTest {
  private static final HistogramReduction HISTOGRAM = new HistogramReduction();
  private static final ModelDescriptor MODEL = FakeCatalog.riskModel("m");

  @ParameterizedTest
  @CsvSource({
    "-Infinity,0",
    "-1e300,0",
    "-0.0001,0",
    "-0.0,1",
    "0,1",
    "0.49,1",
    "0.5,2",
    "0.99,2",
    "1,2",
    "1.0000001,3",
    "Infinity,3"
  })
  void bin_ofANumber_isThatFromItsEdgeToBelowTheNext(double value, int bin) {
    Partial partial =
        Rows.reduce(
            HISTOGRAM,
            MODEL,
            ReductionSpec.histogram(-0.0, 0.5, 1),
            1,
            Map.of("risk", Tensor.ofDoubles(new double[] {value})));
    long[] expected = new long[4];
    expected[bin] = 1;
    assertThat(partial.values().get("risk")).isEqualTo(Tensor.ofLongs(expected, 1, 4));
  }

  static Stream<Arguments> outputs() {
    return Stream.of(
        arguments(Tensor.ofFloats(new float[] {1, 2, 6}, 3, 1), "1 1 1", new long[] {1, 3}),
        arguments(Tensor.ofLongs(new long[] {1, 2, 6}), "1 1 1", new long[] {1, 3}),
        arguments(
            Tensor.ofBooleans(new boolean[] {true, false, true}, 3), "3 0 0", new long[] {1, 3}),
        arguments(
            Tensor.ofDoubles(new double[] {1, 10, 2, 20, 6, 3}, 3, 2),
            "1 1 1 0 1 2",
            new long[] {2, 3}),
        arguments(
            Tensor.ofDoubles(new double[] {1, 10, 2, 20, 6, 3}, 3, 1, 2),
            "1 1 1 0 1 2",
            new long[] {1, 2, 3}));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void histogram_ofAnyNumericOutput_hasTheBinsAsItsLastDimension(
      Tensor output, String expected, long[] shape) {
    Partial partial =
        Rows.reduce(HISTOGRAM, MODEL, ReductionSpec.histogram(2, 3), 3, Map.of("y", output));
    long[] counts = Arrays.stream(expected.split(" ")).mapToLong(Long::parseLong).toArray();
    assertThat(partial.values()).isEqualTo(Map.of("y", Tensor.ofLongs(counts, shape)));
    assertThat(partial.samples()).isEqualTo(3);
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        arguments(Tensor.ofStrings(List.of("a")), "output y: is text; the reduction histogram"),
        arguments(Tensor.ofDoubles(new double[] {Double.NaN}), "output y: is not a number"),
        arguments(Tensor.ofDoubles(new double[] {1, 2}), "output y: does not have one entry"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void histogram_ofAnUnfitOutput_refusesItByName(Tensor output, String message) {
    assertThatThrownBy(
            () ->
                Rows.reduce(
                    HISTOGRAM, MODEL, ReductionSpec.histogram(0, 1), 1, Map.of("y", output)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(message);
  }

  @Test
  void histogram_ofAnySplitOverNodes_equalsThePooledOne() {
    Random random = new Random(7);
    ReductionSpec spec = ReductionSpec.histogram(-1, -0.2, 0, 0.1, 2);
    double[] pooled = random.doubles(3_000, -3, 3).toArray();
    Partial all = reduce(spec, pooled);
    Partial merged =
        HISTOGRAM.merge(
            List.of(
                reduce(spec, Arrays.copyOfRange(pooled, 0, 17)),
                new Partial(Map.of(), 0),
                reduce(spec, Arrays.copyOfRange(pooled, 17, 2_000)),
                reduce(spec, Arrays.copyOfRange(pooled, 2_000, 3_000))));
    assertThat(merged).isEqualTo(all);
  }

  /** Row by row, as a stream. */
  private static Partial reduce(ReductionSpec spec, double[] values) {
    Reducer reducer = HISTOGRAM.start(MODEL, spec);
    for (double value : values) {
      reducer.accept(Rows.batch(1), Map.of("risk", Tensor.ofDoubles(new double[] {value}, 1, 1)));
    }
    return reducer.finish();
  }

  static Stream<Arguments> partials() {
    return Stream.of(
        arguments(Tensor.ofLongs(new long[] {1, 0, 2}, 1, 3), ""),
        arguments(Tensor.ofLongs(new long[] {1, 0, 1}, 1, 3), "do not sum to its rows"),
        arguments(Tensor.ofLongs(new long[] {2, 0, 2}, 1, 3), "do not sum to its rows"),
        arguments(Tensor.ofLongs(new long[] {4, -1, 0}, 1, 3), "do not sum to its rows"),
        arguments(
            Tensor.ofLongs(new long[] {Long.MAX_VALUE, Long.MAX_VALUE, 5}, 1, 3),
            "do not sum to its rows"),
        arguments(Tensor.ofLongs(new long[] {1, 0, 2}), "another shape"),
        arguments(Tensor.ofLongs(new long[] {1, 0, 2, 3, 0, 0}, 2, 3), "another shape"),
        arguments(Tensor.ofDoubles(new double[] {1, 0, 2}, 1, 3), "not INT64"));
  }

  @ParameterizedTest
  @MethodSource("partials")
  void problem_ofAPartial_isTold(Tensor tensor, String problem) {
    assertThat(problem(MODEL, tensor).orElse(""))
        .contains(problem)
        .matches(text -> problem.isEmpty() == text.isEmpty());
  }

  @Test
  void problem_ofAModelWithAnOpenSignature_isToldByTheCounts() {
    ModelDescriptor open = FakeCatalog.model("m", List.of(), List.of());
    assertThat(problem(open, Tensor.scalar(3L))).contains("it has a tensor that is not INT64");
    assertThat(problem(open, Tensor.ofLongs(new long[] {3, 0, 0}))).isEmpty();
    assertThat(problem(open, Tensor.ofLongs(new long[] {3, 0}))).isPresent();
    ModelDescriptor wide =
        FakeCatalog.model("m", List.of(), List.of(TensorSpec.of("risk", DataType.FP32, -1, -1)));
    assertThat(problem(wide, Tensor.ofLongs(new long[] {3, 0, 0, 1, 2, 0}, 2, 3))).isEmpty();
    assertThat(problem(wide, Tensor.ofLongs(new long[0], 2, 0))).isPresent();
  }

  private static Optional<String> problem(ModelDescriptor model, Tensor tensor) {
    return HISTOGRAM.problem(
        new Partial(Map.of("risk", tensor), 3), model, ReductionSpec.histogram(0, 1));
  }
}
