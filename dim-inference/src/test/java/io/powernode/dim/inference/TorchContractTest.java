package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.ModelLoader;
import io.powernode.dim.testkit.ModelLoaderContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class TorchContractTest extends ModelLoaderContract {
  @TempDir Path models;

  private Path file;

  /** A model that doubles its input. */
  @BeforeEach
  void writeModel() {
    file =
        TestFiles.write(
            models, ScriptFile.forward("x: Tensor", "Tensor", "return torch.mul(x, 2)").toBytes());
  }

  @Override
  protected ModelLoader create() {
    return TorchFiles.loader();
  }

  @Override
  protected boolean fileStatesItsSignature() {
    return false;
  }

  @Override
  protected ModelDescriptor descriptor() {
    return TorchFiles.describe(
        file,
        new Signature(
            List.of(TensorSpec.of("x", DataType.FP32, -1, 2)),
            List.of(TensorSpec.of("y", DataType.FP32, -1, 2))));
  }

  @Override
  protected Path file() {
    return file;
  }

  @Override
  protected Map<String, Tensor> input() {
    return Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
  }

  @Override
  protected Map<String, Tensor> expected() {
    return Map.of("y", Tensor.ofFloats(new float[] {2, 4, 6, 8, 10, 12}, 3, 2));
  }
}
