package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Elements of BYTES tensors: a text, or {@code {"b64": "…"}} where the bytes are not UTF-8. */
final class ByteStringCodec extends Codec<byte[]> {

  static final ByteStringCodec INSTANCE = new ByteStringCodec();

  private static final String BASE64 = "b64";

  private ByteStringCodec() {}

  /** The text that bytes are in UTF-8, if they are that. */
  static Optional<String> utf8(ByteBuffer bytes) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The bytes that a text is in Base64 (RFC 4648, section 4); null if it is not. */
  static byte @Nullable [] base64(Object json, Place at, Reading in) {
    if (json instanceof String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        in.refuse(at, "is not Base64", "Base64 as RFC 4648 has it");
      }
    } else {
      in.wrongType(at, json, "Base64 as RFC 4648 has it");
    }
    return null;
  }

  @Override
  byte @Nullable [] read(Object json, Place at, Reading in) {
    if (json instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    Object base64 =
        json instanceof Map<?, ?> object && object.size() == 1 ? object.get(BASE64) : null;
    if (base64 != null) {
      return base64(base64, at.field(BASE64), in);
    }
    in.wrongType(at, json, allowed());
    return null;
  }

  @Override
  void write(byte[] value, JsonGenerator out, Form form) throws IOException {
    Optional<String> text = utf8(ByteBuffer.wrap(value));
    if (text.isPresent()) {
      out.writeString(text.get());
    } else {
      out.writeStartObject();
      out.writeBinaryField(BASE64, value);
      out.writeEndObject();
    }
  }

  @Override
  String allowed() {
    return "a text, or {\"b64\": …} for other bytes";
  }

  @Override
  byte[] standIn(Reading in) {
    return new byte[0];
  }
}
