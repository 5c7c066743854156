package io.powernode.dim.inference;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Finds test data, and loads files as models. */
final class TestFiles {
  static final Signature UNDECLARED = new Signature(List.of(), List.of());

  private TestFiles() {}

  /** A file under the shared data folder; the test is skipped where that folder is absent. */
  static Path shared(String path) {
    Path data = root().resolveSibling("shared").resolve("data");
    Assumptions.assumeTrue(Files.isDirectory(data), "no folder ../shared/data");
    return data.resolve(path);
  }

  /** A model that the demo ships. */
  static Path demo(String name) {
    return root().resolve("dim-server-example/src/main/resources/demo").resolve(name);
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  static Path write(Path folder, byte[] content) {
    try {
      return Files.write(Files.createTempFile(folder, "model", ".onnx"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ModelDescriptor describe(Path file, Signature signature) {
    try {
      Digest digest = Digest.of(Files.readAllBytes(file));
      ModelArtifact artifact = new ModelArtifact("onnx", digest, Files.size(file), List.of());
      return ModelDescriptor.of("model-1", artifact, signature);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Model load(ModelDescriptor descriptor, Path file) {
    return OnnxLoader.create().load(descriptor, ModelFiles.of(file), LoadOptions.standard());
  }

  static Model load(Path file) {
    return load(describe(file, UNDECLARED), file);
  }

  /** Loads a model, runs it once and closes it. */
  static Map<String, Tensor> infer(Path file, Map<String, Tensor> inputs) {
    try (Model model = load(file)) {
      return model.infer(inputs, Cancellation.none());
    }
  }

  /** The one output for one input. */
  static Tensor only(Map<String, Tensor> outputs) {
    if (outputs.size() != 1) {
      throw new AssertionError("expected one output, got " + outputs.keySet());
    }
    return outputs.values().iterator().next();
  }
}
