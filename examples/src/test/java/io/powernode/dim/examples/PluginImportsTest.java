package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin needs nothing of DIM but dim-api. */
class PluginImportsTest {
  private static final Set<String> API = Set.of("io.powernode.dim.api", "io.powernode.dim.spi");

  @ParameterizedTest
  @ValueSource(classes = {FirstAnswerWins.class, OwnAggregator.class})
  void plugin_always_isWrittenAgainstTheApiAlone(Class<?> plugin) {
    List<JavaClass> own =
        new ClassFileImporter()
            .importPackagesOf(plugin).stream()
                .filter(c -> (c.getName() + "$").startsWith(plugin.getName() + "$"))
                .toList();
    assertThat(own)
        .isNotEmpty()
        .flatExtracting(JavaClass::getDirectDependenciesFromSelf)
        .extracting(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filteredOn(target -> !own.contains(target) && !target.isPrimitive())
        .isNotEmpty()
        .extracting(JavaClass::getPackageName)
        .allMatch(name -> name.startsWith("java.") || API.contains(name));
  }
}
