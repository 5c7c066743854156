package io.powernode.dim.examples;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model with an input {@code features} that is run on all rows in one place, without a node or an
 * orchestrator: what jobs are compared with.
 */
record RawModel(ModelDescriptor descriptor, Path file) {

  static RawModel of(Path file, int features, List<String> labels, TensorSpec... outputs)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ModelArtifact artifact = new ModelArtifact("onnx", Digest.of(bytes), bytes.length, List.of());
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("features", DataType.FP32, -1, features)), List.of(outputs));
    String id = file.getFileName().toString().replace(".onnx", "");
    return new RawModel(ModelDescriptor.of(id, artifact, signature).withLabels(labels), file);
  }

  String id() {
    return descriptor.id();
  }

  Map<String, Tensor> infer(List<float[]> rows) {
    int width = rows.get(0).length;
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    Tensor features = Tensor.ofFloats(all, rows.size(), width);
    try (Model model =
        OnnxLoader.create().load(descriptor, ModelFiles.of(file), LoadOptions.standard())) {
      return model.infer(Map.of("features", features), Cancellation.none());
    }
  }

  /** The output of that name, one number a row. */
  double[] infer(List<float[]> rows, String output) {
    double[] answers = infer(rows).get(output).toDoubles();
    return Arrays.copyOf(answers, rows.size());
  }

  @Override
  public String toString() {
    return id();
  }
}
