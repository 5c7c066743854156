package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tensors: type, shape and the elements, row-major. People read elements as the Open Inference
 * Protocol has them; storage keeps the bytes, so that even the payload of a NaN survives.
 */
final class TensorCodec extends Codec<Tensor> {

  static final TensorCodec INSTANCE = new TensorCodec();

  static final List<String> FIELDS = List.of("datatype", "shape", "data");

  private static final EnumCodec<DataType> TYPES = new EnumCodec<>(DataType.class);
  private static final ListCodec<Long> SHAPES = new ListCodec<>(WholeNumberCodec.LONG);
  private static final ListCodec<byte[]> BYTE_STRINGS = new ListCodec<>(ByteStringCodec.INSTANCE);

  private TensorCodec() {}

  @Override
  @Nullable Tensor read(Object json, Place at, Reading in) {
    if (!(json instanceof Map<?, ?> object)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    for (Object name : object.keySet()) {
      if (!FIELDS.contains(name)) {
        String written = (String) name;
        in.refuse(at.field(written), "is unknown", FieldNames.suggest(written, FIELDS));
      }
    }
    DataType type = read(object, "datatype", TYPES, at, in);
    int before = in.count();
    List<Long> shape = read(object, "shape", SHAPES, at, in);
    boolean shapeRead = in.count() == before;
    Object data = object.get("data");
    if (data == null) {
      in.refuse(at.field("data"), "is missing", "the elements, row-major");
    }
    if (type == null || shape == null || data == null || !shapeRead) {
      return null;
    }
    Long count = Shapes.elements(shape, at.field("shape"), in);
    if (count == null) {
      return null;
    }
    long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
    return in.form().isStorage()
        ? stored(type, dimensions, data, at.field("data"), in)
        : elements(type, dimensions, count, data, at.field("data"), in);
  }

  private static <T> @Nullable T read(
      Map<?, ?> object, String name, Codec<T> codec, Place at, Reading in) {
    Object json = object.get(name);
    if (json == null) {
      in.refuse(at.field(name), "is missing", codec.allowed());
      return null;
    }
    return codec.read(json, at.field(name), in);
  }

  private static @Nullable Tensor stored(
      DataType type, long[] shape, Object data, Place at, Reading in) {
    byte[] bytes = ByteStringCodec.base64(data, at, in);
    if (bytes == null) {
      return null;
    }
    try {
      return Tensor.wrap(type, shape, ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException e) {
      in.refuse(at, "does not fit", "as many bytes as type and shape need");
      return null;
    }
  }

  private static @Nullable Tensor elements(
      DataType type, long[] shape, long count, Object data, Place at, Reading in) {
    if (!(data instanceof List<?> list)) {
      in.wrongType(at, data, "a list of the elements, row-major");
      return null;
    }
    if (list.size() != count) {
      in.refuse(at, "has " + list.size() + " elements", "the " + count + " that the shape holds");
      return null;
    }
    if (type == DataType.BYTES) {
      int before = in.count();
      List<byte[]> values = BYTE_STRINGS.read(list, at, in);
      return values == null || in.count() > before
          ? null
          : Tensor.ofByteStrings(values, count).reshape(shape);
    }
    ByteBuffer bytes = TensorElements.read(type, list, at, in);
    return bytes == null ? null : Tensor.wrap(type, shape, bytes);
  }

  @Override
  void write(Tensor value, JsonGenerator out, Form form) throws IOException {
    out.writeStartObject();
    writeFields(value, out, form);
    out.writeEndObject();
  }

  void writeFields(Tensor value, JsonGenerator out, Form form) throws IOException {
    out.writeStringField("datatype", value.dataType().name());
    out.writeArrayFieldStart("shape");
    for (long dimension : value.shape()) {
      out.writeNumber(dimension);
    }
    out.writeEndArray();
    out.writeFieldName("data");
    if (form.isStorage()) {
      byte[] bytes = new byte[value.byteSize()];
      value.data().get(bytes);
      out.writeBinary(bytes);
    } else if (value.dataType() == DataType.BYTES) {
      BYTE_STRINGS.write(value.byteStrings(), out, form);
    } else {
      ElementWriter.write(value, out);
    }
  }

  @Override
  String allowed() {
    return "an object with datatype, shape and data";
  }

  @Override
  Tensor standIn(Reading in) {
    return Tensor.scalar(0.0);
  }
}
