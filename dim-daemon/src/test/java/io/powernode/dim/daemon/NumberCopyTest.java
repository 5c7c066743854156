package io.powernode.dim.daemon;

import static io.powernode.dim.api.DataType.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NumberCopyTest {

  private static Tensor floats(double... values) {
    return Tensor.ofDoubles(values);
  }

  private static Tensor longs(long... values) {
    return Tensor.ofLongs(values);
  }

  static Stream<Arguments> fitting() {
    Tensor halves = Tensor.ofFloats(new float[] {0.5f, -1.5f});
    return Stream.of(
        Arguments.of(floats(0.1, Double.NaN), FP32, new double[] {0.1f, Double.NaN}),
        Arguments.of(floats(Double.NEGATIVE_INFINITY, 1e-60), FP32, new double[] {-1.0 / 0, 0}),
        Arguments.of(halves, FP64, new double[] {0.5, -1.5}),
        Arguments.of(floats(3, -4), INT64, new double[] {3, -4}),
        Arguments.of(floats(255, 0), UINT8, new double[] {255, 0}),
        Arguments.of(floats(1, 0), BOOL, new double[] {1, 0}),
        Arguments.of(longs(-128, 127), INT8, new double[] {-128, 127}),
        Arguments.of(longs(65535), UINT16, new double[] {65535}),
        Arguments.of(longs(4294967295L), UINT32, new double[] {4294967295.0}),
        Arguments.of(longs(1 << 24), FP32, new double[] {1 << 24}),
        Arguments.of(longs(Long.MIN_VALUE), FP64, new double[] {-0x1p63}),
        Arguments.of(Tensor.ofBooleans(new boolean[] {true}), FP32, new double[] {1}),
        Arguments.of(Tensor.ofInts(new int[] {7}), INT64, new double[] {7}));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void numbers_thatFit_areTheSameAfterwards(Tensor source, DataType to, double[] expected) {
    Tensor converted = NumberCopy.convert("x", source, to);

    assertThat(converted.dataType()).isEqualTo(to);
    assertThat(converted.shape()).isEqualTo(source.shape());
    assertThat(converted.toDoubles()).containsExactly(expected);
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        Arguments.of(floats(1e39), FP32),
        Arguments.of(floats(0.5), INT64),
        Arguments.of(floats(Double.NaN), INT32),
        Arguments.of(floats(0x1p63), INT64),
        Arguments.of(floats(256), UINT8),
        Arguments.of(floats(-1), UINT32),
        Arguments.of(floats(2), BOOL),
        Arguments.of(longs((1 << 24) + 1), FP32),
        Arguments.of(longs((1L << 53) + 1), FP64),
        Arguments.of(longs(Long.MAX_VALUE), FP64),
        Arguments.of(longs(128), INT8),
        Arguments.of(longs(-1), UINT16));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void numbers_thatDoNotFit_areRefusedWithoutTheValue(Tensor source, DataType to) {
    assertThatThrownBy(() -> NumberCopy.convert("column x", source, to))
        .isInstanceOf(DimException.class)
        .hasMessage(
            "column x: has a value that is none of %s; allowed: values that it can hold", to);
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void type_always_convertsToItself(DataType type) {
    assertThat(NumberCopy.converts(type, type)).isTrue();
  }

  @Test
  void types_withoutAnExactForm_doNotConvert() {
    assertThat(NumberCopy.converts(FP32, FP16)).isFalse();
    assertThat(NumberCopy.converts(UINT64, FP64)).isFalse();
    assertThat(NumberCopy.converts(BYTES, FP32)).isFalse();
    assertThat(NumberCopy.converts(FP32, BYTES)).isFalse();
    assertThat(NumberCopy.converts(BF16, FP32)).isTrue();
  }
}
