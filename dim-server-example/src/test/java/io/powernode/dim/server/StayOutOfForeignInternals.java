package io.powernode.dim.server;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A package named {@code internal} is open to the module that it lies in and to no other. */
final class StayOutOfForeignInternals extends ArchCondition<JavaClass> {
  private static final Pattern INTERNAL =
      Pattern.compile("(io\\.powernode\\.dim\\.\\w+)(\\.\\w+)*\\.internal(\\..*)?");

  StayOutOfForeignInternals() {
    super("stay out of other modules' internal packages");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      Matcher internal = INTERNAL.matcher(dependency.getTargetClass().getPackageName());
      if (internal.matches()
          && !(type.getPackageName() + ".").startsWith(internal.group(1) + ".")) {
        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
      }
    }
  }
}
