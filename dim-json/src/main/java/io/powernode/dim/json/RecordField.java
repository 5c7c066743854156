package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One component of a record, as a field of its JSON object. */
final class RecordField {

  private final String name;
  private final MethodHandle accessor;
  private final Codec<Object> codec;
  private final Defaults.@Nullable Default ifAbsent;
  private final boolean collecting;
  private final boolean block;

  RecordField(RecordComponent component, MethodHandles.Lookup lookup, Codecs codecs)
      throws IllegalAccessException {
    name = component.getName();
    accessor =
        lookup
            .unreflect(component.getAccessor())
            .asType(MethodType.methodType(Object.class, Object.class));
    codec = codecs.of(component.getGenericType());
    ifAbsent = Defaults.of(component.getDeclaringRecord(), name);
    collecting = component.getType() == Options.class && name.equals("options");
    block =
        name.equals("block")
            && component.getGenericType() instanceof ParameterizedType type
            && type.getRawType() == Optional.class
            && type.getActualTypeArguments()[0] == PatternSpec.class;
  }

  String name() {
    return name;
  }

  /** Whether it takes, in people's form, all fields that have no component of their own. */
  boolean isCollecting() {
    return collecting;
  }

  /** Whether it is, in people's form, the fields pattern and config of the record itself. */
  boolean isBlock() {
    return block;
  }

  Object valueIn(Object record) {
    try {
      return (Object) accessor.invokeExact(record);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a record's accessor cannot throw this", e);
    }
  }

  void write(Object record, JsonGenerator out, Form form) throws IOException {
    Object value = valueIn(record);
    if (!codec.omits(value)) {
      out.writeFieldName(name);
      codec.write(value, out, form);
    }
  }

  /** The value, or what stands in for it; null if there is neither. */
  @Nullable Object read(
      @Nullable Object json, Place at, Reading in, Function<String, Object> earlier) {
    if (json == null) {
      Object absent = ifAbsent == null ? codec.absent() : ifAbsent.apply(earlier);
      if (absent != null) {
        return absent;
      }
      in.refuse(at, "is missing", codec.allowed());
      return codec.standIn(in);
    }
    Object value = codec.read(json, at, in);
    if (value == null) {
      value = ifAbsent == null ? codec.standIn(in) : ifAbsent.apply(earlier);
    }
    return value;
  }

  /** As {@link #read} of a field that was not there, without a word about it. */
  @Nullable Object standIn(Reading in, Function<String, Object> earlier) {
    if (ifAbsent != null) {
      return ifAbsent.apply(earlier);
    }
    Object absent = codec.absent();
    return absent == null ? codec.standIn(in) : absent;
  }
}
