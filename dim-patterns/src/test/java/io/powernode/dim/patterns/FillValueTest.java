package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FillValueTest {
  private static final long[] ONE = {};

  static Stream<Arguments> values() {
    return Stream.of(
        arguments(DataType.FP64, 2L, Tensor.ofDoubles(new double[] {2})),
        arguments(DataType.FP64, "-Infinity", Tensor.ofDoubles(new double[] {-1 / 0.0})),
        arguments(DataType.FP32, 0.1, Tensor.ofFloats(new float[] {0.1f})),
        arguments(DataType.FP32, "NaN", Tensor.ofFloats(new float[] {Float.NaN})),
        arguments(DataType.INT64, Long.MIN_VALUE, Tensor.ofLongs(new long[] {Long.MIN_VALUE})),
        arguments(DataType.INT32, -1L, Tensor.ofInts(new int[] {-1})),
        arguments(DataType.INT32, 3.0, Tensor.ofInts(new int[] {3})),
        arguments(DataType.UINT8, 255L, bytes(DataType.UINT8, -1)),
        arguments(DataType.INT16, -2L, bytes(DataType.INT16, -2, -1)),
        arguments(DataType.BOOL, true, Tensor.ofBooleans(new boolean[] {true})),
        arguments(DataType.BYTES, "NaN", Tensor.ofStrings(List.of("NaN"))));
  }

  private static Tensor bytes(DataType type, int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    for (int one : bytes) {
      buffer.put((byte) one);
    }
    return Tensor.wrap(type, new long[] {1}, buffer.flip());
  }

  @ParameterizedTest
  @MethodSource("values")
  void row_ofAValueOfTheType_hasIt(DataType type, Object value, Tensor row) {
    assertThat(FillValue.row(type, ONE, value)).contains(row);
  }

  @Test
  void row_ofALongerForm_repeatsIt() {
    assertThat(FillValue.row(DataType.BYTES, new long[] {2, 1}, "é"))
        .contains(Tensor.ofStrings(List.of("é", "é"), 1, 2, 1));
    assertThat(FillValue.row(DataType.INT64, new long[] {3, 0}, 7L))
        .contains(Tensor.ofLongs(new long[0], 1, 3, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 256",
    "UINT8, -1",
    "INT8, 128",
    "INT8, -129",
    "UINT32, 4294967296",
    "INT32, 0.5",
    "FP32, 1e39",
    "FP64, text",
    "INT64, NaN",
    "BOOL, 1",
    "BYTES, 1",
    "FP16, 1",
    "BF16, 0",
    "INT64, true",
    "FP64, true",
    "UINT64, -1",
    "INT64, 9223372036854775808.0"
  })
  void row_ofAValueOfAnotherType_isNone(DataType type, String text) {
    Object value =
        text.equals("true")
            ? Boolean.TRUE
            : text.matches("-?[0-9]+")
                ? (Object) Long.valueOf(text)
                : text.matches("[0-9.e]+") ? (Object) Double.valueOf(text) : text;
    assertThat(FillValue.row(type, ONE, value)).isEmpty();
  }
}
