package io.powernode.dim.server;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/** Public and protected signatures name no type but the allowed ones, type arguments included. */
final class NameOnlyInSignatures extends ArchCondition<JavaClass> {
  private final DescribedPredicate<? super JavaClass> allowed;

  NameOnlyInSignatures(DescribedPredicate<? super JavaClass> allowed) {
    super("name in public signatures only classes that " + allowed.getDescription());
    this.allowed = allowed;
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (!isVisible(type.getModifiers())) {
      return;
    }
    Stream<JavaType> supertypes =
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
    supertypes.forEach(
        supertype -> report(type, type.getName(), supertype.getAllInvolvedRawTypes(), events));
    for (JavaMember member : type.getMembers()) {
      if (isVisible(member.getModifiers())) {
        report(type, member.getFullName(), member.getAllInvolvedRawTypes(), events);
      }
      if (member instanceof JavaCodeUnit codeUnit && isVisible(member.getModifiers())) {
        report(type, member.getFullName(), Set.copyOf(codeUnit.getExceptionTypes()), events);
      }
    }
  }

  private void report(JavaClass type, String where, Set<JavaClass> named, ConditionEvents events) {
    Set<String> foreign =
        named.stream()
            .map(JavaClass::getBaseComponentType)
            .filter(candidate -> !candidate.isPrimitive() && !allowed.test(candidate))
            .map(JavaClass::getName)
            .collect(toSet());
    if (!foreign.isEmpty()) {
      events.add(SimpleConditionEvent.violated(type, where + " names " + foreign));
    }
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
  }
}
