package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.INT64;
import static io.powernode.dim.inference.ModelBytes.tensorType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureMatchTest {
  private static final TensorSpec X = TensorSpec.of("x", DataType.FP32, -1, 3);
  private static final TensorSpec Y = TensorSpec.of("y", DataType.FP32, -1, 3);

  @TempDir private Path folder;

  /** Holds a descriptor's signature against the model x[n,3] → y[n,3]. */
  private Signature match(Signature declared) throws IOException {
    return match(ModelBytes.identity(FLOAT, "n", 3), declared, List.of());
  }

  private Signature match(byte[] content, Signature declared, List<String> labels)
      throws IOException {
    Path file = TestFiles.write(folder, content).toRealPath();
    ModelDescriptor descriptor = TestFiles.describe(file, declared).withLabels(labels);
    return SignatureMatch.of(descriptor, OnnxFile.read(file, folder.toRealPath()));
  }

  @Test
  void of_undeclaredSignature_takesTheFiles() throws IOException {
    assertThat(match(TestFiles.UNDECLARED)).isEqualTo(new Signature(List.of(X), List.of(Y)));
  }

  @Test
  void of_narrowerDescriptor_keepsWhatItAdds() throws IOException {
    TensorSpec x = new TensorSpec("x", DataType.FP32, List.of(5L, 3L), List.of("a", "b", "c"));
    TensorSpec y = TensorSpec.of("y", DataType.FP32, 5, 3);
    assertThat(match(new Signature(List.of(x), List.of(y))))
        .isEqualTo(new Signature(List.of(x), List.of(y)));
  }

  @Test
  void of_outputThatTheFileNarrows_mayBeWiderInTheDescriptor() throws IOException {
    TensorSpec y = TensorSpec.of("y", DataType.FP32, -1, -1);
    assertThat(match(new Signature(List.of(X), List.of(y))).outputs()).containsExactly(y);
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        arguments(X, TensorSpec.of("z", DataType.FP32, -1, 3), "output y: is in the model's file"),
        arguments(TensorSpec.of("a", DataType.FP32, -1, 3), Y, "input x: is in the model's file"),
        arguments(TensorSpec.of("x", DataType.FP64, -1, 3), Y, "input x: is declared as FP64"),
        arguments(X, TensorSpec.of("y", DataType.INT64, -1, 3), "output y: is declared as INT64"),
        arguments(TensorSpec.of("x", DataType.FP32, -1, 4), Y, "input x: is declared with shape"),
        arguments(TensorSpec.of("x", DataType.FP32, -1), Y, "input x: is declared with shape [-1]"),
        arguments(TensorSpec.of("x", DataType.FP32, -1, -1), Y, "allowed: [-1, 3]"),
        arguments(X, TensorSpec.of("y", DataType.FP32, -1, 4), "output y: is declared with shape"),
        arguments(X, TensorSpec.of("y", DataType.FP32), "output y: is declared with shape []"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void of_descriptorThatContradictsTheFile_namesTheTensor(
      TensorSpec input, TensorSpec output, String reason) {
    Signature declared = new Signature(List.of(input), List.of(output));
    DimException refusal = catchThrowableOfType(DimException.class, () -> match(declared));
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
  }

  static Stream<Arguments> surplus() {
    TensorSpec other = TensorSpec.of("z", DataType.FP32, 1);
    return Stream.of(
        arguments(List.of(X, other), List.of(Y), "input z: is not in the model's file; allowed: x"),
        arguments(
            List.of(X), List.of(Y, other), "output z: is not in the model's file; allowed: y"),
        arguments(List.of(X, X), List.of(Y), "input x: is declared twice"),
        arguments(List.of(X), List.of(), "output y: is in the model's file but not"));
  }

  @ParameterizedTest
  @MethodSource("surplus")
  void of_descriptorWithOtherTensors_namesTheTensor(
      List<TensorSpec> inputs, List<TensorSpec> outputs, String reason) {
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> match(new Signature(inputs, outputs)));
    assertThat(refusal).hasMessageContaining(reason);
  }

  static Stream<Arguments> unsupportedTypes() {
    Proto f = tensorType(FLOAT, 1);
    Proto map = ModelBytes.mapOf(INT64, f);
    return Stream.of(
        arguments(tensorType(22, 1), f, "input x: is of type tensor(int4)"),
        arguments(tensorType(24, 1), f, "input x: is of type tensor(float8e8m0)"),
        arguments(tensorType(14, 1), f, "input x: is of type tensor(complex64)"),
        arguments(tensorType(77, 1), f, "input x: is of type tensor(unknown)"),
        arguments(ModelBytes.sequenceOf(f), f, "input x: is of type sequence(tensor(float))"),
        arguments(map, f, "input x: is of type map(int64, tensor(float))"),
        arguments(ModelBytes.optional(f), f, "input x: is of type optional(tensor(float))"),
        arguments(new Proto(), f, "input x: is of type no stated type"),
        arguments(f, tensorType(25, 1), "output y: is of type tensor(uint2)"),
        arguments(f, ModelBytes.sequenceOf(f), "output y: is of type sequence(tensor(float))"),
        arguments(f, ModelBytes.optional(f), "output y: is of type optional(tensor(float))"),
        arguments(
            f,
            ModelBytes.sequenceOf(ModelBytes.sequenceOf(f)),
            "output y: is of type sequence(sequence(tensor(float)))"),
        arguments(
            f,
            ModelBytes.mapOf(INT64, tensorType(INT64, 1)),
            "output y: is of type map(int64, tensor(int64))"),
        arguments(
            f,
            ModelBytes.mapOf(INT64, tensorType(17, 1)),
            "output y: is of type map(int64, tensor(float8e4m3fn))"));
  }

  @ParameterizedTest
  @MethodSource("unsupportedTypes")
  void of_typesThatCannotBeCarried_namesTensorAndType(Proto input, Proto output, String reason) {
    byte[] content = new ModelBytes().input("x", input).output("y", output).toBytes();
    DimException refusal =
        catchThrowableOfType(
            DimException.class, () -> match(content, TestFiles.UNDECLARED, List.of()));
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
  }

  @Test
  void of_inputWithoutRank_needsTheDescriptors() throws IOException {
    byte[] content =
        new ModelBytes()
            .input("x", ModelBytes.rankless(FLOAT))
            .output("y", tensorType(FLOAT, "n", 3))
            .toBytes();
    Signature declared = new Signature(List.of(X), List.of(Y));
    assertThat(match(content, declared, List.of())).isEqualTo(declared);
    assertThat(
            catchThrowableOfType(
                DimException.class, () -> match(content, TestFiles.UNDECLARED, List.of())))
        .hasMessageContaining("input x: has no shape in the file");
  }

  @Test
  void of_mapOutputs_isATableWithAColumnForEachLabel() throws IOException {
    Proto map = ModelBytes.mapOf(INT64, tensorType(FLOAT));
    byte[] content =
        new ModelBytes().output("one", map).output("rows", ModelBytes.sequenceOf(map)).toBytes();
    assertThat(match(content, TestFiles.UNDECLARED, List.of("no", "yes")).outputs())
        .containsExactly(
            TensorSpec.of("one", DataType.FP32, 1, 2), TensorSpec.of("rows", DataType.FP32, -1, 2));
    assertThat(match(content, TestFiles.UNDECLARED, List.of()).outputs())
        .containsExactly(
            TensorSpec.of("one", DataType.FP32, 1, -1),
            TensorSpec.of("rows", DataType.FP32, -1, -1));
  }
}
