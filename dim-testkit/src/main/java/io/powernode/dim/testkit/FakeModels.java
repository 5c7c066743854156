package io.powernode.dim.testkit;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Models that exist only by description: for fake nodes, which run none. */
public final class FakeModels {
  /** The format of the described models. */
  public static final String FORMAT = "fake";

  private FakeModels() {}

  /** The bytes that stand for the file of the model called {@code id}. */
  public static byte[] file(String id) {
    return ("the fake model " + id).getBytes(StandardCharsets.UTF_8);
  }

  /** A model with one input {@code x} and one output {@code y}, both FP64 [-1]. */
  public static ModelDescriptor model(String id) {
    return model(
        id,
        new Signature(
            List.of(TensorSpec.of("x", DataType.FP64, -1)),
            List.of(TensorSpec.of("y", DataType.FP64, -1))));
  }

  /** A model with this signature. */
  public static ModelDescriptor model(String id, Signature signature) {
    byte[] file = file(id);
    ModelArtifact artifact = new ModelArtifact(FORMAT, Digest.of(file), file.length, List.of());
    return ModelDescriptor.of(id, artifact, signature);
  }
}
