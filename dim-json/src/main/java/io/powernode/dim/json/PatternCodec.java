package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.PatternSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pattern specifications: {@code {"pattern": "chained", "config": {…}}}, one record a pattern. */
final class PatternCodec extends Codec<PatternSpec> {

  static final String PATTERN = "pattern";
  static final String CONFIG = "config";
  static final List<String> FIELDS = List.of(PATTERN, CONFIG);

  private final Map<String, Class<? extends PatternSpec>> types;
  private final Codecs codecs;

  PatternCodec(Map<String, Class<? extends PatternSpec>> types, Codecs codecs) {
    this.types = new TreeMap<>(types);
    this.codecs = codecs;
  }

  /** Stands in for a specification that could not be read. */
  private record Unread() implements PatternSpec {

    @Override
    public String pattern() {
      return "unread";
    }
  }

  /** The JSON of a pattern specification, before it is known which. */
  private record Body(String pattern, Tree config) {}

  Codecs codecs() {
    return codecs;
  }

  @Override
  @Nullable PatternSpec read(Object json, Place at, Reading in) {
    Body body = (Body) codecs.ofRecord(Body.class).read(json, at, in);
    return body == null ? null : readConfig(body.pattern(), body.config(), at, in, List.of());
  }

  /**
   * Reads the configuration of a named pattern.
   *
   * @param at of the object that has pattern and config
   * @param taken names of further fields of the configuration that were read already
   */
  @Nullable PatternSpec readConfig(
      String pattern, Tree config, Place at, Reading in, List<String> taken) {
    Class<? extends PatternSpec> type = types.get(pattern);
    if (in.hasRefused(at.field(PATTERN)) || in.hasRefused(at.field(CONFIG))) {
      return null;
    } else if (type == null) {
      in.refuse(at.field(PATTERN), "is unknown", String.join(", ", types.keySet()));
      return null;
    } else if (config.json() instanceof Map<?, ?> object) {
      return (PatternSpec) codecs.ofRecord(type).read(object, at.field(CONFIG), in, taken);
    }
    in.wrongType(at.field(CONFIG), config.json(), "an object");
    return null;
  }

  @Override
  void write(PatternSpec value, JsonGenerator out, Form form) throws IOException {
    out.writeStartObject();
    writeInto(value, out, form);
    out.writeEndObject();
  }

  /** Writes pattern and config as fields of the object that has begun. */
  void writeInto(PatternSpec value, JsonGenerator out, Form form) throws IOException {
    out.writeStringField(PATTERN, value.pattern());
    out.writeObjectFieldStart(CONFIG);
    writeFields(value, out, form);
    out.writeEndObject();
  }

  void writeFields(PatternSpec value, JsonGenerator out, Form form) throws IOException {
    if (types.get(value.pattern()) != value.getClass()) {
      throw new IllegalArgumentException(
          "pattern "
              + value.pattern()
              + ": its specification is not of a known type; known patterns: "
              + String.join(", ", types.keySet()));
    }
    codecs.ofRecord(value.getClass()).writeFields(value, out, form);
  }

  @Override
  String allowed() {
    return "an object with pattern and config";
  }

  @Override
  PatternSpec standIn(Reading in) {
    return new Unread();
  }
}
