package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxLoaderTest {
  @TempDir private Path folder;

  private static DimException refusal(ModelDescriptor descriptor, ModelFiles files) {
    OnnxLoader loader = OnnxLoader.create();
    return catchThrowableOfType(
        DimException.class, () -> loader.load(descriptor, files, LoadOptions.standard()));
  }

  private static ModelDescriptor descriptor(String format, long size) {
    Digest digest = Digest.of(new byte[0]);
    return ModelDescriptor.of(
        "model-1", new ModelArtifact(format, digest, size, List.of()), TestFiles.UNDECLARED);
  }

  @Test
  void availability_onThisMachine_isGiven() {
    assertThat(OnnxLoader.create().availability().isAvailable()).isTrue();
  }

  @Test
  void load_ofAnotherFormat_isUnsupported() {
    Path file = TestFiles.write(folder, identity(FLOAT, 2));
    DimException refusal = refusal(descriptor("safetensors", 1), ModelFiles.of(file));
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
    assertThat(refusal).hasMessageContaining("format: is safetensors; allowed: onnx");
  }

  @Test
  void load_ofFileOfAnotherSize_isRefused() {
    Path file = TestFiles.write(folder, identity(FLOAT, 2));
    DimException refusal = refusal(descriptor("onnx", 1), ModelFiles.of(file));
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining("size");
  }

  @Test
  void load_ofMissingFile_isRefusedWithoutItsPath() throws IOException {
    for (Path file :
        List.of(folder.resolve("none.onnx"), Files.createDirectory(folder.resolve("d")))) {
      DimException refusal = refusal(descriptor("onnx", 0), ModelFiles.of(file));
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
      assertThat(refusal).hasMessageContaining("missing").message().doesNotContain("/");
    }
  }

  @Test
  void load_ofOperatorThatTheRuntimeLacks_saysWhichWithoutPaths() {
    Proto type = ModelBytes.tensorType(FLOAT, 2);
    Path file =
        TestFiles.write(
            folder,
            new ModelBytes().node("Fly", "x", "y").input("x", type).output("y", type).toBytes());
    DimException refusal =
        refusal(TestFiles.describe(file, TestFiles.UNDECLARED), ModelFiles.of(file));
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal)
        .hasMessageContaining("Fly")
        .message()
        .doesNotContain(folder.toString())
        .doesNotContain("onnxruntime_src");
  }
}
