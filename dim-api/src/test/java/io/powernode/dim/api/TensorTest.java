package io.powernode.dim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      textBlock =
          """
          BOOL,   00,               0
          BOOL,   01,               1
          UINT8,  ff,               255
          INT8,   ff,               -1
          UINT16, ffff,             65535
          INT16,  0080,             -32768
          UINT32, ffffffff,         4294967295
          INT32,  ffffffff,         -1
          UINT64, ffffffffffffffff, 18446744073709551615
          UINT64, 0000000000000080, 9223372036854775808
          UINT64, 0104000000000080, 9223372036854776833
          INT64,  0000000000000080, -9223372036854775808
          FP16,   003c,             1
          FP16,   00c0,             -2
          FP16,   ff7b,             65504
          FP16,   0100,             5.9604644775390625E-8
          FP16,   ff03,             6.097555160522461E-5
          FP16,   0004,             6.103515625E-5
          FP16,   0080,             -0.0
          FP16,   007c,             Infinity
          FP16,   00fc,             -Infinity
          FP16,   017e,             NaN
          BF16,   803f,             1
          BF16,   0100,             9.183549615799121E-41
          BF16,   80ff,             -Infinity
          BF16,   c07f,             NaN
          FP32,   cdcccc3d,         0.10000000149011612
          FP64,   9a9999999999b93f, 0.1
          """)
  void element_ofEachNumericType_isItsNearestDouble(DataType type, String hex, double expected) {
    Tensor tensor = Tensor.wrap(type, new long[0], ByteBuffer.wrap(HexFormat.of().parseHex(hex)));

    assertThat(tensor.toDoubles()).containsExactly(expected);
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void tensor_ofEachType_mayBeZeroDimensionalOrEmpty(DataType type) {
    int scalarBytes = type == DataType.BYTES ? Integer.BYTES : type.size();
    Tensor scalar = Tensor.wrap(type, new long[0], ByteBuffer.allocate(scalarBytes));
    Tensor empty = Tensor.wrap(type, new long[] {2, 0}, ByteBuffer.allocate(0));

    assertThat(scalar.elements()).isEqualTo(1);
    assertThat(scalar.rank()).isZero();
    assertThat(empty.elements()).isZero();
    assertThat(empty.shape()).containsExactly(2, 0);
    assertThat(empty.byteSize()).isZero();
  }

  @Test
  void copyDoubles_ofMoreFloatsThanAreReadAtOnce_hasThemAll() {
    float[] many = new float[5_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i / 8f;
    }
    Tensor tensor = Tensor.ofFloats(many);
    double[] some = new double[4_000];

    tensor.copyDoubles(777, some, 3_333);

    for (int i = 0; i < some.length; i++) {
      assertThat(some[i]).isEqualTo(i < 3_333 ? (777 + i) / 8.0 : 0);
    }
  }

  @Test
  void copyDoubles_ofAnyWidth_startsAtTheElement() {
    for (Tensor tensor :
        List.of(
            Tensor.ofLongs(new long[] {1, 2, 3}),
            Tensor.ofInts(new int[] {1, 2, 3}),
            Tensor.ofFloats(new float[] {1, 2, 3}),
            Tensor.ofDoubles(new double[] {1, 2, 3}))) {
      double[] some = new double[3];

      tensor.copyDoubles(1, some, 2);

      assertThat(some).as("%s", tensor).containsExactly(2, 3, 0);
    }
  }

  @Test
  void copyDoubles_beyondTheElementsOrTheArray_isRefused() {
    Tensor tensor = Tensor.ofFloats(new float[4]);

    assertThatIndexOutOfBoundsException().isThrownBy(() -> tensor.copyDoubles(2, new double[9], 3));
    assertThatIndexOutOfBoundsException().isThrownBy(() -> tensor.copyDoubles(0, new double[3], 4));
    assertThatIndexOutOfBoundsException()
        .isThrownBy(() -> tensor.copyDoubles(-1, new double[3], 1));
  }

  @Test
  void emptyTensor_withHugeOtherDimensions_isEmptyInAnyOrder() {
    long huge = 1L << 40;

    assertThat(Tensor.ofFloats(new float[0], huge, huge, 0).elements()).isZero();
    assertThat(Tensor.ofFloats(new float[0], 0, huge, huge).elements()).isZero();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FP32  | 1,2    | 0000000000          | data: 5 bytes do not hold 2 elements of FP32
          FP32  | -1     |                     | negative
          FP32  | 4611686018427387904,4 | 00   | overflows
          FP32  | 4294967296 | 00000000        | do not hold
          INT8  | 2      | 00                  | do not hold
          BOOL  | 2      | 0102                | neither 0 nor 1
          BYTES | 1      | 0200000041          | longer than the data
          BYTES | 1      | ffffffff41          | longer than the data
          BYTES | 2      | 0100000041          | holds 1 BYTES elements, the shape 2
          BYTES | 0      | 00                  | holds 0 BYTES elements
          BYTES | 1      | 000000000000        | holds 1 BYTES elements, the shape 1
          """)
  void bytes_thatDoNotFit_areRefused(DataType type, String shape, String hex, String message) {
    long[] dimensions = longs(shape);
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex == null ? "" : hex));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.wrap(type, dimensions, bytes))
        .withMessageContaining(message);
  }

  @Test
  void bytes_givenAtAPosition_areTheRemainingOnesInLittleEndian() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).position(4);
    bytes.put(4, (byte) 1);

    Tensor tensor = Tensor.wrap(DataType.INT32, new long[0], bytes);

    assertThat(tensor.ints().get(0)).isEqualTo(1);
  }

  @Test
  void data_always_isAFreshReadOnlyLittleEndianView() {
    Tensor tensor = Tensor.ofInts(new int[] {1, 2});
    tensor.data().getInt();

    assertThat(tensor.data().position()).isZero();
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> tensor.data().put(0, (byte) 1))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void shape_changedByItsReader_leavesTheTensorAlone() {
    long[] given = {2, 1};
    Tensor tensor = Tensor.ofLongs(new long[] {1, 2}, given);
    given[0] = 9;
    tensor.shape()[0] = 9;

    assertThat(tensor.shape()).containsExactly(2, 1);
    assertThat(tensor.dimension(0)).isEqualTo(2);
  }

  @Test
  void typedViews_ofTheirType_giveTheElements() {
    assertThat(Tensor.ofFloats(new float[] {1.5f}).floats().get(0)).isEqualTo(1.5f);
    assertThat(Tensor.ofDoubles(new double[] {1.5}).doubles().get(0)).isEqualTo(1.5);
    assertThat(Tensor.ofLongs(new long[] {-3}).longs().get(0)).isEqualTo(-3);
    assertThat(Tensor.ofInts(new int[] {-3}).ints().get(0)).isEqualTo(-3);
    assertThat(Tensor.ofBooleans(new boolean[] {true, false}).toDoubles()).containsExactly(1, 0);
    assertThat(Tensor.scalar(2.5).toDoubles()).containsExactly(2.5);
    assertThat(Tensor.scalar(7L).longs().get(0)).isEqualTo(7);
  }

  @Test
  void typedView_ofAnotherType_isRefused() {
    Tensor tensor = Tensor.ofFloats(new float[] {1});

    assertThatIllegalStateException().isThrownBy(tensor::doubles).withMessageContaining("FP32");
    assertThatIllegalStateException().isThrownBy(tensor::longs);
    assertThatIllegalStateException().isThrownBy(tensor::ints);
    assertThatIllegalStateException().isThrownBy(tensor::shorts);
    assertThatIllegalStateException().isThrownBy(tensor::strings);
    assertThatIllegalStateException()
        .isThrownBy(() -> Tensor.ofStrings(List.of("a")).toDoubles())
        .withMessageContaining("BYTES");
  }

  @Test
  void byteStrings_ofAnyLength_comeBack() {
    Tensor texts = Tensor.ofStrings(List.of("", "Zürich", "😀"), 3, 1);
    Tensor bytes = Tensor.ofByteStrings(List.of(new byte[] {(byte) 0xff}, new byte[0]));

    assertThat(texts.strings()).containsExactly("", "Zürich", "😀");
    assertThat(texts.byteSize()).isEqualTo(12 + "Zürich😀".getBytes(StandardCharsets.UTF_8).length);
    assertThat(bytes.byteStrings()).containsExactly(new byte[] {(byte) 0xff}, new byte[0]);
  }

  @Test
  void values_thatDoNotFillTheShape_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.ofFloats(new float[3], 2, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.ofStrings(List.of("a"), 2))
        .withMessageContaining("shape 2");
  }

  @Test
  void reshape_withAsManyElements_keepsThem() {
    Tensor tensor = Tensor.ofInts(new int[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);

    assertThat(tensor).isEqualTo(Tensor.ofInts(new int[] {1, 2, 3, 4, 5, 6}, 2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.reshape(4))
        .withMessageContaining("does not hold 6 elements");
  }

  @Test
  void equality_always_isExactInTypeShapeAndBits() {
    Tensor tensor = Tensor.ofDoubles(new double[] {0.0, Double.NaN});

    assertThat(tensor)
        .isEqualTo(Tensor.ofDoubles(new double[] {0.0, Double.NaN}))
        .hasSameHashCodeAs(Tensor.ofDoubles(new double[] {0.0, Double.NaN}))
        .isNotEqualTo(Tensor.ofDoubles(new double[] {-0.0, Double.NaN}))
        .isNotEqualTo(tensor.reshape(2, 1))
        .isNotEqualTo(Tensor.wrap(DataType.INT64, tensor.shape(), tensor.data()));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1.05, 0.1, 0, true",
    "1, 1.2, 0.1, 0, false",
    "100, 101, 0, 0.01, true",
    "100, 102, 0, 0.01, false",
    "NaN, NaN, 0, 0, true",
    "NaN, 1, 9, 9, false",
    "Infinity, Infinity, 0, 0, true",
    "Infinity, -Infinity, 1, 1, false",
    "1, Infinity, 1, 1, false",
    "0.0, -0.0, 0, 0, true",
  })
  void closeTo_withinTheTolerance_holds(
      double a, double b, double absolute, double relative, boolean expected) {
    assertThat(Tensor.scalar(a).closeTo(Tensor.scalar(b), absolute, relative)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "0, 1e-15, true"})
  void closeTo_integersThatAreOneDouble_comparesThemExactly(
      double absolute, double relative, boolean expected) {
    Tensor odd = Tensor.ofLongs(new long[] {(1L << 53) + 1, 7});
    Tensor even = Tensor.ofLongs(new long[] {1L << 53, 7});

    assertThat(odd.closeTo(even, absolute, relative)).isEqualTo(expected);
    assertThat(odd.closeTo(odd, 0, 0)).isTrue();
  }

  @Test
  void closeTo_anotherTypeOrShape_never() {
    Tensor tensor = Tensor.ofDoubles(new double[] {1});

    assertThat(tensor.closeTo(Tensor.ofFloats(new float[] {1}), 9, 9)).isFalse();
    assertThat(tensor.closeTo(tensor.reshape(), 9, 9)).isFalse();
    assertThat(Tensor.ofStrings(List.of("a")).closeTo(Tensor.ofStrings(List.of("a")), 0, 0))
        .isTrue();
    assertThat(Tensor.ofStrings(List.of("a")).closeTo(Tensor.ofStrings(List.of("b")), 9, 9))
        .isFalse();
  }

  @Test
  void text_ofATensor_doesNotShowItsElements() {
    assertThat(Tensor.ofStrings(List.of("secret"), 1, 1)).hasToString("BYTES[1, 1]");
  }

  private static long[] longs(String list) {
    String[] parts = list.split(",");
    long[] values = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = Long.parseLong(parts[i]);
    }
    return values;
  }
}
