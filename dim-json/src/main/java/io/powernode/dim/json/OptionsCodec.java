package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Options;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options as an object of their own. */
final class OptionsCodec extends Codec<Options> {

  static final OptionsCodec INSTANCE = new OptionsCodec();

  private OptionsCodec() {}

  @Override
  @Nullable Options read(Object json, Place at, Reading in) {
    if (!(json instanceof Map<?, ?> object)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    object.forEach((name, value) -> PlainCodec.INSTANCE.put(values, (String) name, value, at, in));
    return Options.of(values);
  }

  @Override
  void write(Options value, JsonGenerator out, Form form) throws IOException {
    PlainCodec.INSTANCE.write(value.asMap(), out, form);
  }

  @Override
  String allowed() {
    return "an object";
  }

  @Override
  Options absent() {
    return Options.none();
  }

  @Override
  boolean omits(Options value) {
    return value.names().isEmpty();
  }

  @Override
  Options standIn(Reading in) {
    return Options.none();
  }
}
