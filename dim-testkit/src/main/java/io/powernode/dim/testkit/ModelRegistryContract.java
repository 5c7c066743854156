package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.ModelRegistry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ModelRegistry} must do. Extend it, and say how to create a registry. */
public abstract class ModelRegistryContract {
  private ModelRegistry registry;

  /** For subclasses. */
  protected ModelRegistryContract() {}

  /** A new, empty registry. */
  protected abstract ModelRegistry create() throws Exception;

  @BeforeEach
  void createRegistry() throws Exception {
    registry = create();
  }

  @Test
  void find_ofAnUnknownModel_isEmpty() {
    assertThat(registry.find("none")).isEmpty();
    assertThat(registry.all()).isEmpty();
  }

  @Test
  void register_ofModels_listsThemById() {
    for (String id : List.of("b", "c", "a")) {
      registry.register(FakeModels.model(id));
    }
    assertThat(registry.find("b")).contains(FakeModels.model("b"));
    assertThat(registry.all()).extracting(ModelDescriptor::id).containsExactly("a", "b", "c");
  }

  @Test
  void register_ofTheSameId_replacesTheModel() {
    ModelDescriptor first = FakeModels.model("m");
    ModelDescriptor second = first.withLabels(List.of("no", "yes"));
    registry.register(first);
    registry.register(second);
    assertThat(registry.find("m")).contains(second);
    assertThat(registry.all()).containsExactly(second);
  }

  @Test
  void all_onceReturned_doesNotChange() {
    registry.register(FakeModels.model("a"));
    List<ModelDescriptor> before = registry.all();
    registry.register(FakeModels.model("b"));
    assertThat(before).hasSize(1);
  }
}
