package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records: an object with a field for each component, in camelCase, read in snake_case too. A
 * component of type Options called {@code options} has, in people's form, no object of its own: it
 * holds the fields that are nobody else's; nor has one of type {@code Optional<PatternSpec>} called
 * {@code block}, whose pattern and config are fields of the record. A record that is one case of a
 * sealed interface says so in the field {@code kind}.
 */
final class RecordCodec extends Codec<Object> {

  private static final int UNKNOWN = -1;

  private final RecordType type;
  private final Codecs codecs;
  private volatile @Nullable Fields fields;

  /** The components, looked up when first needed: a record may contain itself. */
  private record Fields(
      RecordField[] all, Map<String, Integer> bySpelling, int block, List<String> names) {}

  RecordCodec(Class<?> type, Codecs codecs) {
    this.type = new RecordType(type);
    this.codecs = codecs;
  }

  Optional<String> kind() {
    return type.kind();
  }

  @Override
  @Nullable Object read(Object json, Place at, Reading in) {
    if (!(json instanceof Map<?, ?> object)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    return read(object, at, in, List.of());
  }

  /** Reads an object, some of whose fields somebody else has taken; those are only suggested. */
  @Nullable Object read(Map<?, ?> object, Place at, Reading in, Collection<String> taken) {
    Fields known = fields();
    int before = in.count();
    @Nullable Object[] given = new @Nullable Object[known.all().length];
    Map<String, Object> others = new LinkedHashMap<>();
    Map<String, Object> block = new LinkedHashMap<>();
    boolean spreads = known.block() != UNKNOWN && !in.form().isStorage();
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      String written = (String) entry.getKey();
      int index = known.bySpelling().getOrDefault(written, UNKNOWN);
      if (spreads && PatternCodec.FIELDS.contains(written)) {
        block.put(written, entry.getValue());
        given[known.block()] = block;
      } else if (index == UNKNOWN || isSpread(known, index, in.form())) {
        others.put(written, entry.getValue());
      } else if (given[index] != null) {
        in.refuse(at.field(written), "is there in both spellings", "each field once");
      } else {
        given[index] = entry.getValue();
      }
    }
    Map<String, Object> options = others(others, known, at, in, taken);
    Object[] values = new Object[given.length];
    for (int i = 0; i < values.length; i++) {
      RecordField field = known.all()[i];
      Object value =
          isCollecting(known, i) && !in.form().isStorage()
              ? Options.of(options)
              : field.read(
                  given[i],
                  spreads && i == known.block() ? at : at.field(field.name()),
                  in,
                  name -> value(name, values));
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return construct(values, at, in, in.count() == before);
  }

  private @Nullable Object construct(Object[] values, Place at, Reading in, boolean allGood) {
    try {
      return type.construct(values);
    } catch (IllegalArgumentException | DimException e) {
      if (allGood) {
        RefusedValue.report(e, at, fields().names(), in);
      }
      return null;
    }
  }

  private Map<String, Object> others(
      Map<String, Object> others, Fields known, Place at, Reading in, Collection<String> taken) {
    Map<String, Object> options = new LinkedHashMap<>();
    boolean collects = !in.form().isStorage() && collects(known);
    others.forEach(
        (written, json) -> {
          String name = FieldNames.camel(written);
          if (type.isKindField(written)) {
            type.checkKind(json, at.field(written), in);
          } else if (UnbuiltOptions.contains(type.type(), name)) {
            in.unsupported(at.field(name));
          } else if (!collects) {
            List<String> all = new ArrayList<>(known.names());
            all.addAll(taken);
            in.refuse(at.field(written), "is unknown", FieldNames.suggest(written, all));
          } else if (options.containsKey(name)) {
            in.refuse(at.field(written), "is there in both spellings", "each field once");
          } else {
            PlainCodec.INSTANCE.put(options, name, json, at, in);
          }
        });
    return options;
  }

  @Override
  void write(Object value, JsonGenerator out, Form form) throws IOException {
    out.writeStartObject();
    if (type.kind().isPresent()) {
      out.writeStringField(RecordType.KIND, type.kind().get());
    }
    writeFields(value, out, form);
    out.writeEndObject();
  }

  void writeFields(Object value, JsonGenerator out, Form form) throws IOException {
    writeFields(value, out, form, List.of());
  }

  /** Writes the fields but for those that somebody else has written. */
  void writeFields(Object value, JsonGenerator out, Form form, Collection<String> written)
      throws IOException {
    Fields known = fields();
    for (RecordField field : known.all()) {
      if (written.contains(field.name())) {
        continue;
      }
      if (field.isCollecting() && !form.isStorage()) {
        writeOptions((Options) field.valueIn(value), known, out, form);
      } else if (field.isBlock() && !form.isStorage()) {
        Optional<?> block = (Optional<?>) field.valueIn(value);
        if (block.isPresent()) {
          codecs.patterns().writeInto((PatternSpec) block.get(), out, form);
        }
      } else {
        field.write(value, out, form);
      }
    }
  }

  private static void writeOptions(Options options, Fields known, JsonGenerator out, Form form)
      throws IOException {
    for (Map.Entry<String, Object> option : options.asMap().entrySet()) {
      String name = option.getKey();
      int component = known.bySpelling().getOrDefault(name, UNKNOWN);
      boolean isField = component != UNKNOWN && !isCollecting(known, component);
      if (isField || !FieldNames.camel(name).equals(name)) {
        throw new IllegalArgumentException(
            "option "
                + name
                + ": cannot be told from a field; allowed: camelCase names other than "
                + String.join(", ", known.names()));
      }
      out.writeFieldName(name);
      PlainCodec.INSTANCE.write(option.getValue(), out, form);
    }
  }

  @Override
  String allowed() {
    return "an object";
  }

  @Override
  @Nullable Object standIn(Reading in) {
    Fields known = fields();
    Object[] values = new Object[known.all().length];
    for (int i = 0; i < values.length; i++) {
      Object value = known.all()[i].standIn(in, name -> value(name, values));
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    try {
      return type.construct(values);
    } catch (IllegalArgumentException | DimException e) {
      // The stand-ins do not suit this record: there is nothing to judge in its place.
      return null;
    }
  }

  private Object value(String name, Object[] values) {
    return values[fields().bySpelling().getOrDefault(name, UNKNOWN)];
  }

  /** Whether the component has no object of its own in this form. */
  private static boolean isSpread(Fields known, int index, Form form) {
    return !form.isStorage() && (isCollecting(known, index) || index == known.block());
  }

  private static boolean isCollecting(Fields known, int index) {
    return known.all()[index].isCollecting();
  }

  private static boolean collects(Fields known) {
    return Arrays.stream(known.all()).anyMatch(RecordField::isCollecting);
  }

  private Fields fields() {
    Fields known = fields;
    if (known == null) {
      known = resolve();
      fields = known;
    }
    return known;
  }

  private Fields resolve() {
    RecordComponent[] components = type.type().getRecordComponents();
    RecordField[] all = new RecordField[components.length];
    Map<String, Integer> bySpelling = new HashMap<>();
    List<String> names = new ArrayList<>();
    int block = UNKNOWN;
    for (int i = 0; i < all.length; i++) {
      all[i] = type.field(components[i], codecs);
      bySpelling.put(all[i].name(), i);
      bySpelling.put(FieldNames.snake(all[i].name()), i);
      if (all[i].isBlock()) {
        block = i;
        names.addAll(PatternCodec.FIELDS);
      } else if (!all[i].isCollecting()) {
        names.add(all[i].name());
      }
    }
    return new Fields(all, bySpelling, block, List.copyOf(names));
  }
}
