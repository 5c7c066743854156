package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values without a declared type, as {@link io.powernode.dim.api.Options} has them: texts, truth
 * values, Long, Double, and lists and maps of these. A number with a point or an exponent is a
 * Double.
 */
final class PlainCodec extends Codec<Object> {

  static final PlainCodec INSTANCE = new PlainCodec();

  private PlainCodec() {}

  @Override
  @Nullable Object read(Object json, Place at, Reading in) {
    if (json instanceof Map<?, ?> object) {
      Map<String, Object> values = new LinkedHashMap<>();
      object.forEach((name, item) -> put(values, (String) name, item, at, in));
      return values;
    } else if (json instanceof List<?> list) {
      List<Object> values = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        Object value = read(list.get(i), at.item(i), in);
        if (value != null) {
          values.add(value);
        }
      }
      return values;
    } else if (json instanceof Json.Numeral numeral) {
      return number(numeral, at, in);
    } else if (json == Json.NULL) {
      in.wrongType(at, json, allowed());
      return null;
    }
    return json;
  }

  void put(Map<String, Object> values, String name, Object json, Place at, Reading in) {
    Object value = read(json, at.field(name), in);
    if (value != null) {
      values.put(name, value);
    }
  }

  private @Nullable Object number(Json.Numeral numeral, Place at, Reading in) {
    if (numeral.text().equals("-0")) {
      return 0L;
    }
    double value = Double.parseDouble(numeral.text());
    if (numeral.isWhole()) {
      in.refuse(at, "is out of range", WholeNumberCodec.LONG.allowed());
      return null;
    } else if (Double.isInfinite(value)) {
      in.refuse(at, "is out of range", DoubleCodec.INSTANCE.allowed());
      return null;
    }
    return value;
  }

  @Override
  void write(Object value, JsonGenerator out, Form form) throws IOException {
    if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Long || value instanceof Integer) {
      out.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number && Double.isFinite(number)) {
      out.writeNumber(number);
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object item : list) {
        write(item, out, form);
      }
      out.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName((String) entry.getKey());
        write(entry.getValue(), out, form);
      }
      out.writeEndObject();
    } else {
      throw new IllegalArgumentException(
          value.getClass().getSimpleName() + " has no JSON form among values without a type");
    }
  }

  @Override
  String allowed() {
    return "a text, a truth value, a number, a list or an object";
  }

  @Override
  @Nullable Object standIn(Reading in) {
    return null;
  }
}
