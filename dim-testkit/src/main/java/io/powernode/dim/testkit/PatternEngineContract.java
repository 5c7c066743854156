package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Ids;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PatternEngine} must do before a job runs. Extend it, say how to create an
 * engine, and give a specification with what it needs. That the engine runs again after a crash is
 * the business of {@link EngineCrashHarness}.
 *
 * @param <S> the engine's specification
 */
public abstract class PatternEngineContract<S extends PatternSpec> {

  /** For subclasses. */
  protected PatternEngineContract() {}

  /** The engine. */
  protected abstract PatternEngine<S> create();

  /** A specification with which nothing is wrong where {@link #models} and so on are there. */
  protected abstract S spec();

  /** The models that there are, among them those of the specification. */
  protected abstract List<ModelDescriptor> models();

  /** The nodes that there are. */
  protected List<NodeProfile> nodes() {
    return List.of();
  }

  /** The plugins that there are. */
  protected List<Named> plugins() {
    return List.of();
  }

  @Test
  void name_always_isThatOfItsSpecification() {
    assertThat(Ids.isValid(create().name())).isTrue();
    assertThat(create().name()).isEqualTo(spec().pattern()).isEqualTo(create().name());
  }

  @Test
  void specType_always_isARecord() {
    assertThat(create().specType()).isRecord();
    assertThat(create().specType().isInstance(spec())).isTrue();
  }

  @Test
  void fields_ofAnEngine_doNotChange() {
    for (Class<?> at = create().getClass(); at != Object.class; at = at.getSuperclass()) {
      assertThat(Arrays.stream(at.getDeclaredFields()).filter(f -> !f.isSynthetic()))
          .as("fields of %s", at.getSimpleName())
          .allMatch(PatternEngineContract::isFinal);
    }
  }

  private static boolean isFinal(Field field) {
    return Modifier.isFinal(field.getModifiers());
  }

  @Test
  void models_ofTheSpecification_areThere() {
    assertThat(create().models(spec(), catalog()))
        .isSubsetOf(models().stream().map(ModelDescriptor::id).toList());
    assertThat(create().models(spec(), catalog())).isEqualTo(create().models(spec(), catalog()));
  }

  @Test
  void validate_ofAGoodSpecification_findsNothing() {
    assertThat(violations(catalog())).isEmpty();
  }

  @Test
  void validate_whenAModelIsUnknown_saysSo() {
    for (String model : create().models(spec(), catalog())) {
      List<Violation> found = violations(catalog().withoutModel(model));
      assertThat(found).as("without %s", model).isNotEmpty();
      assertThat(found).as("without %s", model).noneMatch(v -> v.path().isEmpty());
    }
  }

  @Test
  void estimateTasks_always_isPositive() {
    assertThat(create().estimateTasks(spec(), catalog())).isPositive();
  }

  private List<Violation> violations(ListedCatalog catalog) {
    Violations violations = Violations.none();
    spec().validate(violations);
    create().validate(spec(), catalog, violations);
    return violations.list();
  }

  private ListedCatalog catalog() {
    return new ListedCatalog(
        models(),
        nodes().stream().map(n -> ListedNodes.node(n, NodeStatus.ACTIVE, 0.9)).toList(),
        plugins());
  }
}
