package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps from names to values, in their order; an empty one may be left out. */
final class MapCodec<T> extends Codec<Map<String, T>> {

  private final Codec<T> values;

  MapCodec(Codec<T> values) {
    this.values = values;
  }

  @Override
  @Nullable Map<String, T> read(Object json, Place at, Reading in) {
    if (!(json instanceof Map<?, ?> object)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    Map<String, T> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      String name = (String) entry.getKey();
      T value = values.read(entry.getValue(), at.field(name), in);
      if (value != null) {
        map.put(name, value);
      }
    }
    return map;
  }

  @Override
  void write(Map<String, T> value, JsonGenerator out, Form form) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, T> entry : value.entrySet()) {
      out.writeFieldName(entry.getKey());
      values.write(entry.getValue(), out, form);
    }
    out.writeEndObject();
  }

  @Override
  String allowed() {
    return "an object";
  }

  @Override
  Map<String, T> absent() {
    return Map.of();
  }

  @Override
  boolean omits(Map<String, T> value) {
    return value.isEmpty();
  }

  @Override
  Map<String, T> standIn(Reading in) {
    return Map.of();
  }
}
