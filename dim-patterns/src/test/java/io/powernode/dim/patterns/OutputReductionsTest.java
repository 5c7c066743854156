package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.Rows.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Reduction.Reducer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputReductionsTest {
  private static final ModelDescriptor MODEL = FakeCatalog.riskModel("m");
  private static final Reduction MEAN = new MeanReduction();
  private static final Reduction SUM = new SumReduction();

  static Stream<Arguments> outputs() {
    return Stream.of(
        arguments("[n]", Tensor.ofFloats(new float[] {1, 2, 6}, 3), new long[] {1}, "3.0"),
        arguments("[n,1]", Tensor.ofFloats(new float[] {1, 2, 6}, 3, 1), new long[] {1}, "3.0"),
        arguments(
            "[n,2]",
            Tensor.ofDoubles(new double[] {1, 10, 2, 20, 6, 60}, 3, 2),
            new long[] {2},
            "3.0 30.0"),
        arguments(
            "[n,2,1]",
            Tensor.ofDoubles(new double[] {1, 10, 2, 20, 6, 60}, 3, 2, 1),
            new long[] {2, 1},
            "3.0 30.0"),
        arguments("integers", Tensor.ofLongs(new long[] {1, 2, 6}), new long[] {1}, "3.0"),
        arguments(
            "truth values",
            Tensor.ofBooleans(new boolean[] {true, false, true}, 3),
            new long[] {1},
            "0.6666666666666666"),
        arguments(
            "unsigned bytes",
            Tensor.wrap(DataType.UINT8, new long[] {3}, ByteBuffer.wrap(new byte[] {-1, 0, 0})),
            new long[] {1},
            "85.0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outputs")
  void mean_ofAnyNumericOutput_hasTheRowsShapeInFp64(
      String name, Tensor output, long[] shape, String expected) {
    Partial partial = Rows.reduce(MEAN, MODEL, ReductionSpec.mean(), 3, Map.of("y", output));
    Tensor mean = partial.values().get("y");
    assertThat(partial.samples()).isEqualTo(3);
    assertThat(mean.dataType()).isEqualTo(DataType.FP64);
    assertThat(mean.shape()).isEqualTo(shape);
    assertThat(mean.toDoubles()).containsExactly(numbers(expected), within(1e-12));
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        arguments(Tensor.ofStrings(List.of("a", "b")), "output y: is text"),
        arguments(Tensor.ofDoubles(new double[] {1, 2, 3}), "output y: does not have one entry"),
        arguments(Tensor.scalar(1.0), "output y: does not have one entry"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void sumAndMean_ofAnUnfitOutput_refuseItByName(Tensor output, String message) {
    for (Reduction reduction : List.of(MEAN, SUM)) {
      assertThatThrownBy(
              () -> Rows.reduce(reduction, MODEL, ReductionSpec.mean(), 2, Map.of("y", output)))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContaining(message);
    }
  }

  @Test
  void mean_outputsThatChangeBetweenBatches_areRefused() {
    Reducer reducer = MEAN.start(MODEL, ReductionSpec.mean());
    reducer.accept(batch(1), Map.of("y", Tensor.ofDoubles(new double[] {1}, 1, 1)));
    assertThatThrownBy(
            () ->
                reducer.accept(batch(1), Map.of("y", Tensor.ofDoubles(new double[] {1, 2}, 1, 2))))
        .hasMessageContaining("changes its shape");
    assertThatThrownBy(
            () -> reducer.accept(batch(1), Map.of("z", Tensor.ofDoubles(new double[] {1}))))
        .hasMessageContaining("other outputs");
  }

  @Test
  void reducer_withoutBatches_hasNoSamples() {
    assertThat(MEAN.start(MODEL, ReductionSpec.mean()).finish().samples()).isZero();
    assertThat(SUM.start(MODEL, ReductionSpec.sum()).finish().values()).isEmpty();
  }

  @Test
  void sum_overMillionsOfRows_carriesRoundingErrors() {
    Reducer reducer = SUM.start(MODEL, ReductionSpec.sum());
    double[] tenths = new double[100_000];
    Arrays.fill(tenths, 0.1);
    Tensor block = Tensor.ofDoubles(tenths);
    reducer.accept(batch(1), Map.of("y", Tensor.ofDoubles(new double[] {1e15})));
    Batch batch = batch(100_000);
    for (int i = 0; i < 100; i++) {
      reducer.accept(batch, Map.of("y", block));
    }
    reducer.accept(batch(1), Map.of("y", Tensor.ofDoubles(new double[] {-1e15})));
    // Summed plainly, each addition to 1e15 is rounded to an eighth: the answer would be 1,250,000.
    assertThat(reducer.finish().values().get("y").toDoubles()[0]).isCloseTo(1e6, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void mean_ofAnySplitOverNodes_equalsThePooledMean(long seed) {
    Random random = new Random(seed);
    int rows = 2_000;
    double[] values = random.doubles(rows * 3, -1e6, 1e6).toArray();
    double[] pooled = new double[3];
    for (int i = 0; i < values.length; i++) {
      pooled[i % 3] += values[i] / rows;
    }
    List<Partial> partials = new ArrayList<>();
    for (int from = 0; from < rows; ) {
      int to = Math.min(rows, from + 1 + random.nextInt(700));
      double[] part = Arrays.copyOfRange(values, from * 3, to * 3);
      partials.add(
          Rows.reduce(
              MEAN,
              MODEL,
              ReductionSpec.mean(),
              to - from,
              Map.of("y", Tensor.ofDoubles(part, to - from, 3))));
      from = to;
    }
    Partial merged = MEAN.merge(partials);
    assertThat(merged.samples()).isEqualTo(rows);
    assertThat(merged.values().get("y").toDoubles()).containsExactly(pooled, within(1e-6));
  }

  @Test
  void merge_partialsWithoutRows_areLeftOut() {
    Partial none = new Partial(Map.of(), 0);
    assertThat(MEAN.merge(List.of(none, Rows.partial(2, 4), none)).values().get("risk").toDoubles())
        .containsExactly(4);
    assertThat(SUM.merge(List.of(Rows.partial(2, 4), Rows.partial(3, 5), none)))
        .isEqualTo(Rows.partial(5, 9));
    assertThat(MEAN.merge(List.of(none, none)).samples()).isZero();
  }

  @Test
  void merge_partialsOfOtherShapes_areRefused() {
    assertThatThrownBy(() -> MEAN.merge(List.of(Rows.partial(1, 1), Rows.partial(1, 1, 2))))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA));
    assertThatThrownBy(
            () ->
                SUM.merge(
                    List.of(
                        Rows.partial(1, 1),
                        new Partial(Map.of("other", Tensor.ofDoubles(new double[] {1})), 1))))
        .hasMessageContaining("different names");
  }
}
