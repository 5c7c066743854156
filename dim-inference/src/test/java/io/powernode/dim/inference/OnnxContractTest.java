package io.powernode.dim.inference;

import static io.powernode.dim.inference.ModelBytes.FLOAT;
import static io.powernode.dim.inference.ModelBytes.tensorType;

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

class OnnxContractTest extends ModelLoaderContract {
  @TempDir Path models;

  private Path file;

  /** A model that doubles its input. */
  @BeforeEach
  void writeModel() {
    file =
        TestFiles.write(
            models,
            new ModelBytes()
                .node("Add", "x,x", "y")
                .input("x", tensorType(FLOAT, "N", 2))
                .output("y", tensorType(FLOAT, "N", 2))
                .toBytes());
  }

  @Override
  protected ModelLoader create() {
    return OnnxLoader.create();
  }

  @Override
  protected ModelDescriptor descriptor() {
    return TestFiles.describe(
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
