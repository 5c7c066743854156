package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Progress;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Records whose people's form is an answer made for reading, with derived fields, and which are
 * read again from storage only.
 */
abstract class AnswerCodec<T> extends Codec<T> {

  private final Class<T> type;
  private final Codecs codecs;

  AnswerCodec(Class<T> type, Codecs codecs) {
    this.type = type;
    this.codecs = codecs;
  }

  abstract void writeFields(T value, JsonGenerator out, Form form) throws IOException;

  final void field(String name, Type fieldType, Object value, JsonGenerator out, Form form)
      throws IOException {
    out.writeFieldName(name);
    item(fieldType, value, out, form);
  }

  final void item(Type itemType, Object value, JsonGenerator out, Form form) throws IOException {
    codecs.of(itemType).write(value, out, form);
  }

  static void progress(Progress progress, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("progress");
    out.writeNumberField("completedSteps", progress.completedSteps());
    out.writeNumberField("totalSteps", progress.totalSteps());
    out.writeNumberField("percentComplete", progress.percentComplete());
    out.writeEndObject();
  }

  @Override
  final @Nullable T read(Object json, Place at, Reading in) {
    if (in.form().isStorage()) {
      return type.cast(codecs.ofRecord(type).read(json, at, in));
    }
    in.refuse(
        at, "is an answer, which is written and not read", "what readJob and readResult take");
    return null;
  }

  @Override
  final void write(T value, JsonGenerator out, Form form) throws IOException {
    if (form.isStorage()) {
      codecs.ofRecord(type).write(value, out, form);
    } else {
      out.writeStartObject();
      writeFields(value, out, form);
      out.writeEndObject();
    }
  }

  @Override
  final String allowed() {
    return "an object";
  }

  @Override
  final @Nullable T standIn(Reading in) {
    return null;
  }
}
