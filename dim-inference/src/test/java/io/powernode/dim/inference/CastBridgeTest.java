package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.STRING;
import static io.powernode.dim.inference.ModelBytes.attribute;
import static io.powernode.dim.inference.ModelBytes.tensorType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Element types that ONNX Runtime's Java interface cannot carry, as inputs and outputs. */
class CastBridgeTest {
  private static final int INT_ATTRIBUTE = 2;

  @TempDir private Path folder;

  private Tensor infer(byte[] model, Tensor x) {
    Path file = TestFiles.write(folder, model);
    return TestFiles.only(TestFiles.infer(file, Map.of("x", x)));
  }

  /** A model with a cast of its own from x to y. */
  private static byte[] cast(int from, int to) {
    return new ModelBytes()
        .opset(19)
        .node("Cast", "x", "y", attribute("to", INT_ATTRIBUTE).number(3, to))
        .input("x", tensorType(from, "n"))
        .output("y", tensorType(to, "n"))
        .toBytes();
  }

  static Stream<Arguments> unsigned() {
    return Stream.of(
        arguments(ElementType.UINT16, everyBitPattern(16)),
        arguments(ElementType.UINT32, around(32)),
        arguments(ElementType.UINT64, around(64)));
  }

  private static List<BigInteger> everyBitPattern(int bits) {
    return IntStream.range(0, 1 << bits).mapToObj(BigInteger::valueOf).toList();
  }

  /** The powers of two below 2^bits, with their neighbours. */
  private static List<BigInteger> around(int bits) {
    BigInteger end = BigInteger.ONE.shiftLeft(bits);
    return IntStream.rangeClosed(0, bits)
        .mapToObj(BigInteger.ONE::shiftLeft)
        .flatMap(n -> Stream.of(n.subtract(BigInteger.ONE), n, n.add(BigInteger.ONE)))
        .filter(n -> n.compareTo(end) < 0)
        .toList();
  }

  private static Tensor tensor(DataType type, List<BigInteger> values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.size() * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (BigInteger value : values) {
      switch (type.size()) {
        case 2 -> data.putShort(value.shortValue());
        case 4 -> data.putInt(value.intValue());
        default -> data.putLong(value.longValue());
      }
    }
    return Tensor.wrap(type, new long[] {values.size()}, data.flip());
  }

  /** The model itself writes the digits, so this sees what arrived in it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("unsigned")
  void infer_ofUnsignedInput_givesTheModelTheExactNumbers(
      ElementType type, List<BigInteger> values) {
    Tensor x = tensor(type.dataType().orElseThrow(), values);
    assertThat(infer(cast(type.number(), STRING), x).strings())
        .isEqualTo(values.stream().map(BigInteger::toString).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsigned")
  void infer_ofUnsignedOutput_answersTheExactNumbers(ElementType type, List<BigInteger> values) {
    Tensor x = Tensor.ofStrings(values.stream().map(BigInteger::toString).toList());
    assertThat(infer(cast(STRING, type.number()), x))
        .isEqualTo(tensor(type.dataType().orElseThrow(), values));
  }

  private static float[] every(ElementType float8) {
    float[] values = new float[256];
    for (int code = 0; code < 256; code++) {
      values[code] = Float8.decode(float8, code);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "FLOAT8E[45].*")
  void infer_ofFloat8Output_answersEveryNumberExactly(ElementType type) {
    byte[] codes = new byte[256];
    for (int code = 0; code < 256; code++) {
      codes[code] = (byte) code;
    }
    byte[] model =
        new ModelBytes()
            .opset(19)
            .node("Identity", "w", "y")
            .initializer(ModelBytes.tensor("w", type.number(), 256).bytes(9, codes))
            .output("y", tensorType(type.number(), 256))
            .toBytes();
    Tensor y = TestFiles.only(TestFiles.infer(TestFiles.write(folder, model), Map.of()));
    assertThat(bits(y)).isEqualTo(bits(Tensor.ofFloats(every(type))));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "FLOAT8E[45].*")
  void infer_ofFloat8Input_takesEveryNumberExactly(ElementType type) {
    Tensor x = Tensor.ofFloats(every(type));
    assertThat(bits(infer(cast(type.number(), FLOAT), x))).isEqualTo(bits(x));
  }

  /** Bits, where any NaN is as good as another. */
  private static List<Integer> bits(Tensor tensor) {
    float[] values = new float[tensor.elements()];
    tensor.floats().get(values);
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.floatToIntBits(values[i]))
        .toList();
  }

  /** Both have 16 and 20; E4M3FN also 18, and no infinity. */
  @Test
  void infer_ofFloat8InputThatTheTypeLacks_roundsOrIsBeyondRange() {
    Tensor x = Tensor.ofFloats(new float[] {16.9f, 17, 17.1f, 19, 1e-9f, 1e6f, -1e30f});
    assertThat(infer(cast(ElementType.FLOAT8E4M3FN.number(), FLOAT), x).toDoubles())
        .containsExactly(16, 16, 18, 20, 0, Double.NaN, Double.NaN);
    assertThat(infer(cast(ElementType.FLOAT8E5M2.number(), FLOAT), x).toDoubles())
        .containsExactly(16, 16, 16, 20, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Test
  void load_ofModelWithBridgedTensors_hasTheTypesOfDim() {
    byte[] model =
        new ModelBytes()
            .opset(19)
            .node("Identity", "a", "c")
            .node("Identity", "f", "g")
            .node("Identity", "b", "d")
            .input("a", tensorType(ElementType.UINT32.number(), "n"))
            .input("f", tensorType(FLOAT, "n"))
            .input("b", tensorType(ElementType.FLOAT8E5M2.number()))
            .output("g", tensorType(FLOAT, "n"))
            .output("d", tensorType(ElementType.FLOAT8E5M2.number()))
            .output("c", tensorType(ElementType.UINT32.number(), "n"))
            .toBytes();
    try (Model loaded = TestFiles.load(TestFiles.write(folder, model))) {
      assertThat(loaded.signature())
          .isEqualTo(
              new Signature(
                  List.of(
                      TensorSpec.of("a", DataType.UINT32, -1),
                      TensorSpec.of("f", DataType.FP32, -1),
                      TensorSpec.of("b", DataType.FP32)),
                  List.of(
                      TensorSpec.of("g", DataType.FP32, -1),
                      TensorSpec.of("d", DataType.FP32),
                      TensorSpec.of("c", DataType.UINT32, -1))));
      Tensor a = tensor(DataType.UINT32, around(32));
      Tensor b = Tensor.ofFloats(new float[] {1.5f}, 1).reshape();
      Tensor f = Tensor.ofFloats(new float[0]);
      Map<String, Tensor> answer =
          loaded.infer(Map.of("a", a, "b", b, "f", f), Cancellation.none());
      assertThat(answer.keySet()).containsExactly("g", "d", "c");
      assertThat(answer).isEqualTo(Map.of("c", a, "d", b, "g", f));
    }
  }

  @Test
  void load_ofDescriptorWithTheSignedType_isRefused() {
    Path file = TestFiles.write(folder, ModelBytes.identity(ElementType.UINT16.number(), "n"));
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", DataType.INT16, -1)),
            List.of(TensorSpec.of("y", DataType.INT16, -1)));
    DimException refusal =
        catchThrowableOfType(
            DimException.class,
            () -> TestFiles.load(TestFiles.describe(file, signature), file).close());
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining("input x: is declared as INT16; allowed: UINT16");
  }

  @Test
  void infer_afterClose_isUnavailable() {
    Path file = TestFiles.write(folder, ModelBytes.identity(ElementType.UINT64.number(), "n"));
    Model model = TestFiles.load(file);
    Tensor x = tensor(DataType.UINT64, around(64));
    assertThat(TestFiles.only(model.infer(Map.of("x", x), Cancellation.none()))).isEqualTo(x);
    model.close();
    model.close();
    DimException refusal =
        catchThrowableOfType(
            DimException.class, () -> model.infer(Map.of("x", x), Cancellation.none()));
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }
}
