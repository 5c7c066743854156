package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One case of ONNX's backend suite: a folder with a model, its inputs and its expected outputs. */
final class BackendCase {
  /** Those of ONNX's own runner: onnx/backend/test/loader, version 1.21. */
  private static final double RELATIVE = 1e-3;

  private static final double ABSOLUTE = 1e-7;

  private final Path folder;

  BackendCase(Path folder) {
    this.folder = folder;
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** Why the case fails; empty if it passes. */
  Optional<String> failure() throws IOException {
    try (Model model = TestFiles.load(folder.resolve("model.onnx"))) {
      Map<String, Tensor> inputs = tensors("input", model.signature().inputs());
      Map<String, Tensor> expected = tensors("output", model.signature().outputs());
      Map<String, Tensor> actual = model.infer(inputs, Cancellation.none());
      return expected.keySet().stream()
          .flatMap(name -> difference(name, actual.get(name), expected.get(name)).stream())
          .findFirst();
    } catch (DimException e) {
      String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
      return Optional.of(e.getMessage() + cause);
    }
  }

  /** The files of a kind, which have the order of the model's inputs or outputs. */
  private Map<String, Tensor> tensors(String kind, List<TensorSpec> specs) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      Path file = file(kind, tensors.size());
      tensors.put(spec.name(), TensorFile.read(file));
    }
    if (Files.exists(file(kind, specs.size()))) {
      throw new AssertionError(name() + " has more files than the model has " + kind + "s");
    }
    return tensors;
  }

  private Path file(String kind, int index) {
    return folder.resolve("test_data_set_0").resolve(kind + "_" + index + ".pb");
  }

  static Optional<String> difference(String name, Tensor actual, Tensor expected) {
    String subject = "output " + name + ": ";
    if (actual.dataType() != expected.dataType()
        || !Arrays.equals(actual.shape(), expected.shape())) {
      return Optional.of(subject + "is " + actual + " instead of " + expected);
    }
    boolean inexact = actual.dataType().isNumeric() && actual.dataType() != DataType.BOOL;
    if (inexact ? actual.closeTo(expected, ABSOLUTE, RELATIVE) : actual.equals(expected)) {
      return Optional.empty();
    }
    return Optional.of(subject + differing(actual, expected) + " elements differ");
  }

  private static String differing(Tensor actual, Tensor expected) {
    if (!actual.dataType().isNumeric()) {
      return "some";
    }
    double[] a = actual.toDoubles();
    double[] b = expected.toDoubles();
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      Tensor one = Tensor.scalar(a[i]);
      count += one.closeTo(Tensor.scalar(b[i]), ABSOLUTE, RELATIVE) ? 0 : 1;
    }
    return count + " of " + a.length;
  }
}
