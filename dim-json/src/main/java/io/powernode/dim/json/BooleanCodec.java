package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** True and false. */
final class BooleanCodec extends Codec<Boolean> {

  static final BooleanCodec INSTANCE = new BooleanCodec();

  private BooleanCodec() {}

  @Override
  @Nullable Boolean read(Object json, Place at, Reading in) {
    if (json instanceof Boolean value) {
      return value;
    }
    in.wrongType(at, json, allowed());
    return null;
  }

  @Override
  void write(Boolean value, JsonGenerator out, Form form) throws IOException {
    out.writeBoolean(value);
  }

  @Override
  String allowed() {
    return "true or false";
  }

  @Override
  Boolean standIn(Reading in) {
    return false;
  }
}
