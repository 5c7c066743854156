package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tensors by name: a list of tensors that each say their {@code name}. The data of a job may
 * instead come as rows.
 */
final class NamedTensorsCodec extends Codec<Map<String, Tensor>> {

  static final NamedTensorsCodec INSTANCE = new NamedTensorsCodec();

  private static final String NAME = "name";

  private NamedTensorsCodec() {}

  @Override
  @Nullable Map<String, Tensor> read(Object json, Place at, Reading in) {
    if (json instanceof Map<?, ?> object && in.form() == Form.JOB) {
      return RowsReader.read(object, at, in);
    }
    if (!(json instanceof List<?> list)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Map<?, ?> object) {
        readOne(object, tensors, at.item(i), in);
      } else {
        in.wrongType(at.item(i), list.get(i), "an object with name, datatype, shape and data");
      }
    }
    return tensors;
  }

  private static void readOne(Map<?, ?> object, Map<String, Tensor> tensors, Place at, Reading in) {
    Map<Object, Object> rest = new LinkedHashMap<>(object);
    Object json = rest.remove(NAME);
    String name = null;
    if (json == null) {
      in.refuse(at.field(NAME), "is missing", TextCodec.STRING.allowed());
    } else {
      name = TextCodec.STRING.read(json, at.field(NAME), in);
    }
    if (name != null && tensors.containsKey(name)) {
      in.refuse(at.field(NAME), "is another tensor's as well", "each name once");
    }
    Tensor tensor = TensorCodec.INSTANCE.read(rest, at, in);
    if (name != null && tensor != null) {
      tensors.put(name, tensor);
    }
  }

  @Override
  void write(Map<String, Tensor> value, JsonGenerator out, Form form) throws IOException {
    out.writeStartArray();
    for (Map.Entry<String, Tensor> entry : value.entrySet()) {
      out.writeStartObject();
      out.writeStringField(NAME, entry.getKey());
      TensorCodec.INSTANCE.writeFields(entry.getValue(), out, form);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  @Override
  String allowed() {
    return "a list of tensors, each with name, datatype, shape and data";
  }

  @Override
  Map<String, Tensor> absent() {
    return Map.of();
  }

  @Override
  boolean omits(Map<String, Tensor> value) {
    return value.isEmpty();
  }

  @Override
  Map<String, Tensor> standIn(Reading in) {
    return Map.of();
  }
}
