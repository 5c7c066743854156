package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryModelRegistryTest {
  private final InMemoryModelRegistry models = new InMemoryModelRegistry();

  @Test
  void model_whenRegistered_isFoundById() {
    ModelDescriptor risk = model("risk", 1);
    models.register(risk);

    assertThat(models.find("risk")).contains(risk);
    assertThat(models.find("other")).isEmpty();
  }

  @Test
  void model_ofAKnownId_replacesTheEarlierOne() {
    models.register(model("risk", 1));
    models.register(model("risk", 2));

    assertThat(models.all()).containsExactly(model("risk", 2));
  }

  @Test
  void all_always_isSortedByIdAndDoesNotChange() {
    models.register(model("b", 1));
    models.register(model("a", 1));
    List<ModelDescriptor> before = models.all();

    models.register(model("c", 1));

    assertThat(before).extracting(ModelDescriptor::id).containsExactly("a", "b");
  }

  private static ModelDescriptor model(String id, int content) {
    Digest digest = Digest.of(new byte[] {(byte) content});
    return ModelDescriptor.of(
        id, new ModelArtifact("onnx", digest, 1, List.of()), new Signature(List.of(), List.of()));
  }
}
