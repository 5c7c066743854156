package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Constants, in lower_snake_case; read in any case, and with hyphens too. */
final class EnumCodec<E extends Enum<E>> extends Codec<E> {

  /** Those whose names are capitals outside as well: protocol types and error codes. */
  private static final Set<Class<?>> CAPITALS = Set.of(DataType.class, ErrorCode.class);

  private final Map<String, E> byName = new LinkedHashMap<>();
  private final E[] constants;
  private final boolean capitals;

  EnumCodec(Class<E> type) {
    constants = type.getEnumConstants();
    capitals = CAPITALS.contains(type);
    for (E constant : constants) {
      byName.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
  }

  @Override
  @Nullable E read(Object json, Place at, Reading in) {
    if (!(json instanceof String text)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    E constant = byName.get(text.toLowerCase(Locale.ROOT).replace('-', '_'));
    if (constant == null) {
      in.refuse(at, "is unknown", allowed());
    }
    return constant;
  }

  @Override
  void write(E value, JsonGenerator out, Form form) throws IOException {
    out.writeString(capitals ? value.name() : value.name().toLowerCase(Locale.ROOT));
  }

  @Override
  String allowed() {
    String names = String.join(", ", byName.keySet());
    return capitals ? names.toUpperCase(Locale.ROOT) : names;
  }

  @Override
  E standIn(Reading in) {
    return constants[0];
  }
}
