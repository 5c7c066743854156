package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists; an empty one may be left out. */
final class ListCodec<T> extends Codec<List<T>> {

  private final Codec<T> items;

  ListCodec(Codec<T> items) {
    this.items = items;
  }

  @Override
  @Nullable List<T> read(Object json, Place at, Reading in) {
    if (!(json instanceof List<?> list)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    List<T> values = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      T value = items.read(list.get(i), at.item(i), in);
      if (value == null) {
        value = items.standIn(in);
      }
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  @Override
  void write(List<T> value, JsonGenerator out, Form form) throws IOException {
    out.writeStartArray();
    for (T item : value) {
      items.write(item, out, form);
    }
    out.writeEndArray();
  }

  @Override
  String allowed() {
    return "a list";
  }

  @Override
  List<T> absent() {
    return List.of();
  }

  @Override
  boolean omits(List<T> value) {
    return value.isEmpty();
  }

  @Override
  List<T> standIn(Reading in) {
    return List.of();
  }
}
