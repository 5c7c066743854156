package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.INT64;
import static io.powernode.dim.inference.ModelBytes.STRING;
import static io.powernode.dim.inference.ModelBytes.tensorType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxModelTest {
  @TempDir private Path folder;

  private Model load(byte[] content) {
    return TestFiles.load(TestFiles.write(folder, content));
  }

  private static Tensor infer(Model model, Tensor x) {
    return TestFiles.only(model.infer(Map.of("x", x), Cancellation.none()));
  }

  static Stream<Arguments> typesShapesAndMemory() {
    List<Arguments> cases = new ArrayList<>();
    for (ElementType type : ElementType.values()) {
      // Texts have a test of their own, 8-bit floats other bits than their tensors.
      if (type.dataType().filter(t -> 8 * t.size() == type.bits()).isEmpty() || type.bits() == 0) {
        continue;
      }
      for (List<Integer> shape : List.of(List.of(2, 3), List.<Integer>of(), List.of(0, 3))) {
        for (String memory : List.of("heap", "direct", "misaligned")) {
          cases.add(arguments(type, shape, memory));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}{1} {2}")
  @MethodSource("typesShapesAndMemory")
  void infer_ofIdentity_answersTheSameBits(ElementType type, List<Integer> shape, String memory) {
    DataType dataType = type.dataType().orElseThrow();
    long[] dims = shape.stream().mapToLong(Integer::longValue).toArray();
    int bytes = dataType.size() * shape.stream().reduce(1, (a, b) -> a * b);
    ByteBuffer data =
        memory.equals("heap")
            ? ByteBuffer.allocate(bytes + 1)
            : ByteBuffer.allocateDirect(bytes + 1);
    ByteBuffer content = data.slice(memory.equals("misaligned") ? 1 : 0, bytes);
    for (int i = 0; i < bytes; i++) {
      content.put(i, (byte) (dataType == DataType.BOOL ? i & 1 : 7 * i + 1));
    }
    Tensor x = Tensor.wrap(dataType, dims, content);
    // ORT's identity of floating-point numbers copies bits, NaNs included.
    try (Model model = load(ModelBytes.identity(type.number(), shape.toArray()))) {
      assertThat(infer(model, x)).isEqualTo(x);
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void infer_ofTexts_answersTheSameTexts(List<String> texts, List<Integer> shape) {
    long[] dims = shape.stream().mapToLong(Integer::longValue).toArray();
    Tensor x = Tensor.ofStrings(texts, texts.size()).reshape(dims);
    try (Model model = load(ModelBytes.identity(STRING, shape.toArray()))) {
      assertThat(infer(model, x)).isEqualTo(x);
    }
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        arguments(List.of("a", "", "Müller", "中文"), List.of(2, 2)),
        arguments(List.of("one"), List.of()),
        arguments(List.of(), List.of(0)),
        arguments(List.of(), List.of(2, 0)));
  }

  @Test
  void infer_ofTextsThatWouldBeAltered_isRefusedWithoutQuotingThem() {
    try (Model model = load(ModelBytes.identity(STRING, "n"))) {
      for (byte[] text :
          List.of(
              "secret\0".getBytes(StandardCharsets.UTF_8),
              "secret 😀".getBytes(StandardCharsets.UTF_8),
              new byte[] {(byte) 0xc3, 0x28})) {
        Tensor x = Tensor.ofByteStrings(List.of(text));
        DimException refusal = catchThrowableOfType(DimException.class, () -> infer(model, x));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_DATA);
        assertThat(refusal).hasMessageContaining("input x").message().doesNotContain("secret");
      }
    }
  }

  static Stream<Arguments> badInputs() {
    Tensor good = Tensor.ofFloats(new float[6], 2, 3);
    return Stream.of(
        arguments(Map.of(), "input x: is missing; allowed: FP32[-1, 3]"),
        arguments(Map.of("X", good), "input x: is missing"),
        arguments(Map.of("x", good, "z", good), "input z: is not an input of the model"),
        arguments(
            Map.of("x", Tensor.ofDoubles(new double[6], 2, 3)),
            "input x: is FP64[2, 3]; allowed: FP32[-1, 3]"),
        arguments(Map.of("x", Tensor.ofInts(new int[6], 2, 3)), "input x: is INT32[2, 3]; allowed"),
        arguments(Map.of("x", Tensor.ofFloats(new float[6], 6)), "input x: is FP32[6]; allowed"),
        arguments(Map.of("x", good.reshape(3, 2)), "input x: is FP32[3, 2]; allowed"),
        arguments(Map.of("x", good.reshape(2, 3, 1)), "input x: is FP32[2, 3, 1]; allowed"));
  }

  @ParameterizedTest
  @MethodSource("badInputs")
  void infer_ofTensorsThatDoNotFit_namesInputAndShapes(Map<String, Tensor> inputs, String reason) {
    try (Model model = load(ModelBytes.identity(FLOAT, "n", 3))) {
      DimException refusal =
          catchThrowableOfType(DimException.class, () -> model.infer(inputs, Cancellation.none()));
      assertThat(refusal).hasMessageContaining(reason);
      assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_DATA);
      assertThat(refusal.subject()).containsEntry("model", "model-1");
    }
  }

  @Test
  void infer_thatFails_namesTheOperatorAndNoValue() {
    byte[] content =
        new ModelBytes()
            .node("Gather", "w,x", "y")
            .initializer(ModelBytes.longs("w", 1, 2, 3))
            .input("x", tensorType(INT64, "n"))
            .output("y", tensorType(INT64, "n"))
            .toBytes();
    try (Model model = load(content)) {
      Tensor outOfRange = Tensor.ofLongs(new long[] {4711});
      DimException error = catchThrowableOfType(DimException.class, () -> infer(model, outOfRange));
      assertThat(error.code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
      assertThat(error).hasMessageContaining("Gather").message().doesNotContain("4711");
      assertThat(error.getCause()).hasMessageContaining("4711");
    }
  }

  @Test
  void infer_ofOperatorThatCouldWorkInPlace_leavesTheInputAlone() {
    byte[] content =
        new ModelBytes()
            .node("Relu", "x", "a")
            .node("Neg", "a", "y")
            .input("x", tensorType(FLOAT, 4))
            .output("y", tensorType(FLOAT, 4))
            .toBytes();
    ByteBuffer direct = ByteBuffer.allocateDirect(16);
    Tensor values = Tensor.ofFloats(new float[] {-1, 2, -3, 4});
    Tensor x = Tensor.wrap(DataType.FP32, new long[] {4}, direct.put(values.data()).flip());
    try (Model model = load(content)) {
      assertThat(infer(model, x).toDoubles()).containsExactly(-0.0, -2, -0.0, -4);
      assertThat(x).isEqualTo(values);
    }
  }

  @Test
  void infer_ofInputHandedThrough_answersACopyThatOutlivesTheModel() {
    byte[] content =
        new ModelBytes()
            .node("Neg", "x", "z")
            .input("x", tensorType(FLOAT, 2))
            .output("x", tensorType(FLOAT, 2))
            .output("z", tensorType(FLOAT, 2))
            .toBytes();
    Tensor first = Tensor.ofFloats(new float[] {1, 2});
    Map<String, Tensor> answer;
    try (Model model = load(content)) {
      answer = model.infer(Map.of("x", first), Cancellation.none());
      // Uses the same borrowed buffer again.
      model.infer(Map.of("x", Tensor.ofFloats(new float[] {8, 9})), Cancellation.none());
    }
    assertThat(answer.keySet()).containsExactly("x", "z");
    assertThat(answer.get("x")).isEqualTo(first);
    assertThat(answer.get("z")).isEqualTo(Tensor.ofFloats(new float[] {-1, -2}));
  }
}
