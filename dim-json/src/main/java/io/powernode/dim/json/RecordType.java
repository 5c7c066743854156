package io.powernode.dim.json;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A record class: how to make one, and which case of a sealed interface it is. */
final class RecordType {

  /** The field that says which case an object is. */
  static final String KIND = "kind";

  private final Class<?> type;
  private final MethodHandles.Lookup lookup;
  private final MethodHandle constructor;
  private final Optional<String> kind;

  RecordType(Class<?> type) {
    this.type = type;
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      Constructor<?> canonical = type.getDeclaredConstructor(parameters);
      constructor =
          lookup
              .unreflectConstructor(canonical)
              .asType(MethodType.genericMethodType(parameters.length))
              .asSpreader(Object[].class, parameters.length);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          type.getName() + ": is closed to reflection; allowed: an open package", e);
    }
    boolean isCase = Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
    kind = isCase ? Optional.of(kindOf(type)) : Optional.empty();
  }

  private static String kindOf(Class<?> type) {
    return FieldNames.snake(type.getSimpleName()).toLowerCase(Locale.ROOT);
  }

  Class<?> type() {
    return type;
  }

  Optional<String> kind() {
    return kind;
  }

  boolean isKindField(String name) {
    return kind.isPresent() && name.equals(KIND);
  }

  void checkKind(Object json, Place at, Reading in) {
    if (!kind.orElseThrow().equals(json)) {
      in.refuse(at, "is another kind", kind.orElseThrow());
    }
  }

  RecordField field(RecordComponent component, Codecs codecs) {
    if (kind.isPresent() && component.getName().equals(KIND)) {
      throw new IllegalArgumentException(
          type.getName() + ": has a component called kind, which says which case it is");
    }
    try {
      return new RecordField(component, lookup, codecs);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          type.getName() + ": is closed to reflection; allowed: an open package", e);
    }
  }

  /** A record of these component values; passes on what its constructor throws. */
  Object construct(Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a record's constructor cannot throw this", e);
    }
  }
}
