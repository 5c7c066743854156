package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sealed interfaces: the record's own object, which says in {@code kind} which case it is. */
final class VariantCodec extends Codec<Object> {

  private final Map<String, Class<?>> cases = new TreeMap<>();
  private final Codecs codecs;

  VariantCodec(Class<?> type, Codecs codecs) {
    this.codecs = codecs;
    collect(type);
  }

  private void collect(Class<?> type) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isRecord()) {
        String kind = codecs.ofRecord(permitted).kind().orElseThrow();
        if (cases.put(kind, permitted) != null) {
          throw new IllegalArgumentException(type.getName() + ": has two cases called " + kind);
        }
      } else if (permitted.isSealed()) {
        collect(permitted);
      } else {
        throw new IllegalArgumentException(
            permitted.getName() + ": has no JSON form; allowed: records and sealed interfaces");
      }
    }
  }

  @Override
  @Nullable Object read(Object json, Place at, Reading in) {
    if (!(json instanceof Map<?, ?> object)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    Object kind = object.get(RecordType.KIND);
    Class<?> type = kind instanceof String text ? cases.get(text) : null;
    if (type == null) {
      in.refuse(at.field(RecordType.KIND), kind == null ? "is missing" : "is unknown", kinds());
      return null;
    }
    return codecs.ofRecord(type).read(json, at, in);
  }

  @Override
  void write(Object value, JsonGenerator out, Form form) throws IOException {
    codecs.ofRecord(value.getClass()).write(value, out, form);
  }

  private String kinds() {
    return String.join(", ", cases.keySet());
  }

  @Override
  String allowed() {
    return "an object whose kind is one of " + kinds();
  }

  @Override
  @Nullable Object standIn(Reading in) {
    return null;
  }
}
