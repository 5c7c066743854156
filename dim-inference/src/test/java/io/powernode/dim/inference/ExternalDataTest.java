package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.external;
import static io.powernode.dim.inference.ModelBytes.tensor;
import static io.powernode.dim.inference.ModelBytes.tensorType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExternalDataTest {
  @TempDir private Path root;
  private Path folder;

  @BeforeEach
  void writeWeights() throws IOException {
    folder = Files.createDirectory(root.resolve("model"));
    Files.createDirectory(folder.resolve("sub"));
    for (Path file : new Path[] {folder.resolve("w.bin"), root.resolve("secret.bin")}) {
      ByteBuffer weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, weights.putFloat(1).putFloat(2).putFloat(3).putFloat(4).array());
    }
    Files.createSymbolicLink(folder.resolve("inside"), Path.of("w.bin"));
    Files.createSymbolicLink(folder.resolve("outside"), Path.of("..", "secret.bin"));
    Files.createSymbolicLink(folder.resolve("up"), root);
  }

  /** y = x + w, where w are two floats at a place outside the model file. */
  private Path model(String... place) {
    return TestFiles.write(
        folder,
        new ModelBytes()
            .node("Add", "x,w", "y")
            .initializer(external(tensor("w", FLOAT, 2), place))
            .input("x", tensorType(FLOAT, 2))
            .output("y", tensorType(FLOAT, 2))
            .toBytes());
  }

  static Stream<Arguments> allowedPlaces() {
    return Stream.of(
        arguments("w.bin", "0", 11f),
        arguments("w.bin", "8", 13f),
        arguments("inside", "8", 13f),
        arguments("./w.bin", "4", 12f));
  }

  @ParameterizedTest
  @MethodSource("allowedPlaces")
  void load_ofExternalDataInTheFolder_readsIt(String location, String offset, float first) {
    Path file = model("location", location, "offset", offset);
    try (Model model = TestFiles.load(file)) {
      Tensor x = Tensor.ofFloats(new float[] {10, 10});
      Tensor y = model.infer(Map.of("x", x), Cancellation.none()).get("y");
      assertThat(y.floats().get(0)).isEqualTo(first);
      assertThat(model.memoryBytes()).hasValue(size(file) + 16);
    }
  }

  static Stream<Arguments> refusedPlaces() {
    return Stream.of(
        arguments("/etc/passwd", "0", "8", "not a plain relative file name"),
        arguments("C:\\w.bin", "0", "8", "not a plain relative file name"),
        arguments("C:w.bin", "0", "8", "not a plain relative file name"),
        arguments("*/_ORT_MEM_ADDR_/*", "140737488355328", "8", "not a plain relative file name"),
        arguments("", "0", "8", "not a plain relative file name"),
        arguments("w.bin\u0000.txt", "0", "8", "not a plain relative file name"),
        arguments("..\\secret.bin", "0", "8", "not a plain relative file name"),
        arguments("sub/../w.bin", "0", "8", "outside the model's folder"),
        arguments("../secret.bin", "0", "8", "outside the model's folder"),
        arguments("sub/../../secret.bin", "0", "8", "outside the model's folder"),
        arguments("outside", "0", "8", "outside the model's folder"),
        arguments("up/secret.bin", "0", "8", "outside the model's folder"),
        arguments("absent.bin", "0", "8", "is missing"),
        arguments("sub", "0", "8", "is not a file"),
        arguments("w.bin", "12", "8", "ends before"),
        arguments("w.bin", "17", "8", "ends before"),
        arguments("w.bin", "999999999999999999", "8", "ends before"),
        arguments("w.bin", "0", "4", "does not have the length"),
        arguments("w.bin", "-1", "8", "not a number"),
        arguments("w.bin", "0x10", "8", "not a number"));
  }

  @ParameterizedTest
  @MethodSource("refusedPlaces")
  void load_ofExternalDataElsewhere_isRefusedBeforeTheRuntimeSeesIt(
      String location, String offset, String length, String reason) {
    Path file = model("location", location, "offset", offset, "length", length);
    DimException refusal = catchThrowableOfType(DimException.class, () -> TestFiles.load(file));
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal.subject()).containsEntry("model", "model-1");
    assertThat(refusal.getMessage()).doesNotContain(root.toString());
  }

  @Test
  void load_ofTwoLocations_isRefused() {
    Path file = model("location", "w.bin", "location", "../secret.bin");
    assertThat(catchThrowableOfType(DimException.class, () -> TestFiles.load(file)))
        .hasMessageContaining("two locations");
  }

  @Test
  void load_ofLocationWithoutTheExternalMark_isCheckedAllTheSame() {
    Proto unmarked = tensor("w", FLOAT, 2).bytes(9, new byte[8]);
    unmarked.message(13, new Proto().text(1, "location").text(2, "../secret.bin"));
    Path file =
        TestFiles.write(
            folder,
            new ModelBytes().initializer(unmarked).output("w", tensorType(FLOAT, 2)).toBytes());
    assertThat(catchThrowableOfType(DimException.class, () -> TestFiles.load(file)))
        .hasMessageContaining("outside the model's folder");
  }

  @Test
  void load_ofFileLinkedFromOutside_isRefused() throws IOException {
    Path real = TestFiles.write(root, ModelBytes.identity(FLOAT, 2));
    Path link = Files.createSymbolicLink(folder.resolve("m.onnx"), real);
    ModelFiles files = new ModelFiles(link, folder);
    DimException refusal =
        catchThrowableOfType(
            DimException.class,
            () ->
                OnnxLoader.create()
                    .load(
                        TestFiles.describe(real, TestFiles.UNDECLARED),
                        files,
                        LoadOptions.standard()));
    assertThat(refusal).hasMessageContaining("outside the model's folder");
  }

  private static long size(Path file) {
    return ModelFile.size(file);
  }
}
