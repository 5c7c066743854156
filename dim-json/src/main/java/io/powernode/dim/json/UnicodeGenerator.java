package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/** Refuses texts that are not Unicode: no reader would get them back. */
final class UnicodeGenerator extends JsonGeneratorDelegate {

  UnicodeGenerator(JsonGenerator out) {
    super(out);
  }

  @Override
  public void writeFieldName(String name) throws IOException {
    super.writeFieldName(requireWellFormed(name));
  }

  @Override
  public void writeString(String text) throws IOException {
    super.writeString(requireWellFormed(text));
  }

  private static String requireWellFormed(String text) {
    if (!Json.isWellFormed(text)) {
      throw new IllegalArgumentException("text: holds half of a surrogate pair; allowed: Unicode");
    }
    return text;
  }
}
