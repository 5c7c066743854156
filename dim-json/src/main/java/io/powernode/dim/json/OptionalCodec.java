package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values that may be left out. Null is not a way to leave them out. */
final class OptionalCodec<T> extends Codec<Optional<T>> {

  private final Codec<T> inner;

  OptionalCodec(Codec<T> inner) {
    this.inner = inner;
  }

  @Override
  @Nullable Optional<T> read(Object json, Place at, Reading in) {
    if (json == Json.NULL) {
      in.wrongType(at, json, allowed());
      return null;
    }
    T value = inner.read(json, at, in);
    return value == null ? null : Optional.of(value);
  }

  @Override
  void write(Optional<T> value, JsonGenerator out, Form form) throws IOException {
    inner.write(value.orElseThrow(), out, form);
  }

  @Override
  String allowed() {
    return inner.allowed() + ", or left out";
  }

  @Override
  Optional<T> absent() {
    return Optional.empty();
  }

  @Override
  boolean omits(Optional<T> value) {
    return value.isEmpty();
  }

  /** Present: the field was given, and others may depend on that. */
  @Override
  Optional<T> standIn(Reading in) {
    return Optional.ofNullable(inner.standIn(in));
  }
}
