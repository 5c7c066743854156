package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
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

/** Loads TorchScript files as models. */
final class TorchFiles {
  static final String NATIVES = "dim.test.natives";

  private TorchFiles() {}

  /** A loader whose libraries stay in the build's own folder. */
  static PyTorchLoader loader() {
    return PyTorchLoader.withNativeFolder(natives());
  }

  /** The property is for processes that are started elsewhere. */
  static Path natives() {
    return Path.of(System.getProperty(NATIVES, "target/natives")).toAbsolutePath();
  }

  static ModelDescriptor describe(Path file, Signature signature) {
    try {
      Digest digest = Digest.of(Files.readAllBytes(file));
      ModelArtifact artifact =
          new ModelArtifact("torchscript", digest, Files.size(file), List.of());
      return ModelDescriptor.of("model-1", artifact, signature);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Model load(Path file, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    ModelDescriptor descriptor = describe(file, new Signature(inputs, outputs));
    return loader().load(descriptor, ModelFiles.of(file), LoadOptions.standard());
  }

  /** Loads a model, runs it once and closes it. */
  static Map<String, Tensor> infer(
      Path file, List<TensorSpec> inputs, List<TensorSpec> outputs, Map<String, Tensor> tensors) {
    try (Model model = load(file, inputs, outputs)) {
      return model.infer(tensors, Cancellation.none());
    }
  }

  /** Why a file is refused. */
  static DimException refusal(Path file, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> load(file, inputs, outputs).close());
    assertThat(refusal).isNotNull();
    return refusal;
  }
}
