package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets, as lists without repetition; written in their natural order, as they have none. */
final class SetCodec<T extends Comparable<T>> extends Codec<Set<T>> {

  private final ListCodec<T> list;

  SetCodec(Codec<T> items) {
    list = new ListCodec<>(items);
  }

  @Override
  @Nullable Set<T> read(Object json, Place at, Reading in) {
    List<T> items = list.read(json, at, in);
    if (items == null) {
      return null;
    }
    Set<T> values = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (!values.add(items.get(i))) {
        in.refuse(at.item(i), "is there twice", "each value once");
      }
    }
    return values;
  }

  @Override
  void write(Set<T> value, JsonGenerator out, Form form) throws IOException {
    list.write(value.stream().sorted().toList(), out, form);
  }

  @Override
  String allowed() {
    return list.allowed();
  }

  @Override
  Set<T> absent() {
    return Set.of();
  }

  @Override
  boolean omits(Set<T> value) {
    return value.isEmpty();
  }

  @Override
  Set<T> standIn(Reading in) {
    return Set.of();
  }
}
