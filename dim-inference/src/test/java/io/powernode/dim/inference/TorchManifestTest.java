package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The descriptor must be a manifest that the code can have. */
class TorchManifestTest {
  private static final TensorSpec X = TensorSpec.of("x", DataType.FP32, -1, 2);
  private static final TensorSpec Y = TensorSpec.of("y", DataType.FP32, -1, 2);
  private static final TensorSpec RATE = TensorSpec.of("rate", DataType.INT64);

  @TempDir private Path folder;

  private static TensorSpec of(String name, DataType type, long... shape) {
    return TensorSpec.of(name, type, shape);
  }

  static Stream<Arguments> contradictions() {
    String plain = "x: Tensor";
    String two = "x: Tensor,\n    sr: int=1";
    return Stream.of(
        arguments(plain, "Tensor", List.of(X), List.of(), "names no outputs"),
        arguments(plain, "Tensor", List.of(), List.of(Y), "has 0 inputs; allowed: one for each"),
        arguments(plain, "Tensor", List.of(X, RATE), List.of(Y), "has 2 inputs; allowed: one"),
        arguments(two, "Tensor", List.of(X, RATE, X), List.of(Y), "the model (x, sr)"),
        arguments(plain, "Tensor", List.of(X), List.of(Y, RATE), "has 2 outputs; allowed: 1"),
        arguments(plain, "Tuple[Tensor, Tensor]", List.of(X), List.of(Y), "outputs; allowed: 2"),
        arguments(
            two, "Tensor", List.of(X, of("x", DataType.INT64)), List.of(Y), "x: is declared twice"),
        arguments(
            plain,
            "Tuple[Tensor, Tensor]",
            List.of(X),
            List.of(Y, Y),
            "output y: is declared twice"),
        arguments(
            plain,
            "Tensor",
            List.of(of("x", DataType.BYTES, -1)),
            List.of(Y),
            "input x: is declared as BYTES; allowed: BOOL, UINT8"),
        arguments(
            two,
            "Tensor",
            List.of(X, of("sr", DataType.FP32)),
            List.of(Y),
            "input sr: is declared as FP32; allowed: INT64, for the model's int"),
        arguments(
            two,
            "Tensor",
            List.of(X, of("sr", DataType.INT64, 1)),
            List.of(Y),
            "input sr: is declared with shape [1]; allowed: [], for a single int"),
        arguments(
            plain,
            "float",
            List.of(X),
            List.of(Y),
            "output y: is declared as FP32; allowed: FP64, for the model's float"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void load_underAManifestThatTheCodeContradicts_saysWhere(
      String arguments,
      String result,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      String reason) {
    requireRefusal(arguments, result, inputs, outputs, reason, ErrorCode.MODEL_INVALID);
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("x: Tuple[float, int]", "Tensor", "argument x: is of type Tuple[float, int]"),
        arguments("x: List[Tensor]", "Tensor", "argument x: is of type List[Tensor]; allowed"),
        arguments("x: Dict[str, Tensor]", "Tensor", "argument x: is of type Dict[str, Tensor]"),
        arguments("x: Optional[str]", "Tensor", "argument x: is of type str"),
        arguments("x: Tensor", "Optional[Tensor]", "result: is of type Optional[Tensor]"),
        arguments("x: Tensor", "List[Tensor]", "result: is of type List[Tensor]"),
        arguments("x: Tensor", "__torch__.Answer", "result: is of type __torch__.Answer"),
        arguments("x: Tensor", "Tuple[Tensor, str]", "result: is of type str"),
        arguments("x: Tensor", "A\n  \u0007B", "result: is of type A B; allowed"),
        arguments("x: Tensor", "A".repeat(101), "is of type " + "A".repeat(100) + "…; allowed"));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void load_ofModelWithATypeThatCannotBeCarried_namesTheType(
      String arguments, String result, String reason) {
    requireRefusal(arguments, result, List.of(X), List.of(Y), reason, ErrorCode.MODEL_UNSUPPORTED);
  }

  private void requireRefusal(
      String arguments,
      String result,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      String reason,
      ErrorCode code) {
    Path file =
        TestFiles.write(folder, ScriptFile.forward(arguments, result, "return x").toBytes());
    DimException refusal = TorchFiles.refusal(file, inputs, outputs);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(refusal.info().subject()).containsEntry("model", "model-1");
  }
}
