package io.powernode.dim.json;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the codec of a type, and keeps it. Thread-safe. */
final class Codecs {

  private static final Map<Class<?>, Codec<?>> SIMPLE =
      Map.ofEntries(
          Map.entry(String.class, TextCodec.STRING),
          Map.entry(boolean.class, BooleanCodec.INSTANCE),
          Map.entry(Boolean.class, BooleanCodec.INSTANCE),
          Map.entry(int.class, WholeNumberCodec.INT),
          Map.entry(Integer.class, WholeNumberCodec.INT),
          Map.entry(long.class, WholeNumberCodec.LONG),
          Map.entry(Long.class, WholeNumberCodec.LONG),
          Map.entry(double.class, DoubleCodec.INSTANCE),
          Map.entry(Double.class, DoubleCodec.INSTANCE),
          Map.entry(Duration.class, DurationCodec.INSTANCE),
          Map.entry(Instant.class, TextCodec.INSTANT),
          Map.entry(LocalDate.class, TextCodec.DATE),
          Map.entry(TimeRange.class, TextCodec.TIME_RANGE),
          Map.entry(Digest.class, TextCodec.DIGEST),
          Map.entry(Options.class, OptionsCodec.INSTANCE),
          Map.entry(Tensor.class, TensorCodec.INSTANCE),
          Map.entry(Tree.class, Tree.TreeCodec.INSTANCE),
          Map.entry(Object.class, PlainCodec.INSTANCE),
          Map.entry(List.class, PlainCodec.INSTANCE),
          Map.entry(Map.class, PlainCodec.INSTANCE));

  private final Map<Type, Codec<Object>> found = new ConcurrentHashMap<>();
  private final Map<Class<?>, RecordCodec> records = new ConcurrentHashMap<>();
  private final PatternCodec patterns;

  Codecs(Map<String, Class<? extends PatternSpec>> patterns) {
    this.patterns = new PatternCodec(patterns, this);
    found.put(JobSpec.class, untyped(new JobSpecCodec(this.patterns)));
    found.put(JobResult.class, untyped(new JobResultCodec(this)));
    found.put(JobStatus.class, untyped(new JobStatusCodec(this)));
    found.put(JobUpdate.class, untyped(new JobUpdateCodec(this)));
  }

  /**
   * The codec of a type.
   *
   * @throws IllegalArgumentException if values of the type have no JSON form
   */
  Codec<Object> of(Type type) {
    Codec<Object> codec = found.get(type);
    if (codec == null) {
      codec = make(type);
      Codec<Object> earlier = found.putIfAbsent(type, codec);
      codec = earlier == null ? codec : earlier;
    }
    return codec;
  }

  PatternCodec patterns() {
    return patterns;
  }

  /** The codec of a value without a declared type. */
  Codec<Object> ofValue(Object value) {
    if (value instanceof List) {
      return of(List.class);
    } else if (value instanceof Map) {
      return of(Map.class);
    }
    return of(value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass());
  }

  /** The codec of a record, field by field, whatever other form it may have. */
  RecordCodec ofRecord(Class<?> type) {
    RecordCodec codec = records.get(type);
    if (codec == null) {
      codec = new RecordCodec(type, this);
      RecordCodec earlier = records.putIfAbsent(type, codec);
      codec = earlier == null ? codec : earlier;
    }
    return codec;
  }

  private Codec<Object> make(Type type) {
    if (type instanceof Class<?> raw) {
      Codec<?> simple = SIMPLE.get(raw);
      if (simple != null) {
        return untyped(simple);
      } else if (PatternSpec.class.isAssignableFrom(raw)) {
        return untyped(patterns);
      } else if (raw.isRecord()) {
        return ofRecord(raw);
      } else if (raw.isEnum()) {
        return untyped(ofEnum(raw));
      } else if (raw.isInterface() && raw.isSealed()) {
        return new VariantCodec(raw, this);
      }
    } else if (type instanceof ParameterizedType generic) {
      Codec<?> codec = makeGeneric((Class<?>) generic.getRawType(), generic);
      if (codec != null) {
        return untyped(codec);
      }
    }
    throw new IllegalArgumentException(
        type.getTypeName()
            + ": has no JSON form; allowed: records, sealed interfaces, enums, texts, numbers,"
            + " tensors, times, and Optional, List, Set and Map<String, …> of these");
  }

  private @Nullable Codec<?> makeGeneric(Class<?> raw, ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return new OptionalCodec<>(of(arguments[0]));
    } else if (raw == List.class) {
      return new ListCodec<>(of(arguments[0]));
    } else if (raw == Set.class
        && arguments[0] instanceof Class<?> element
        && Comparable.class.isAssignableFrom(element)) {
      return setOf(arguments[0]);
    } else if (raw == Map.class && arguments[0] == String.class) {
      return arguments[1] == Tensor.class
          ? NamedTensorsCodec.INSTANCE
          : new MapCodec<>(of(arguments[1]));
    }
    return null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Codec<?> setOf(Type element) {
    return new SetCodec(of(element));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Codec<?> ofEnum(Class<?> type) {
    return new EnumCodec(type);
  }

  /** Values and types come together by reflection here, so the compiler cannot match them. */
  @SuppressWarnings("unchecked")
  private static Codec<Object> untyped(Codec<?> codec) {
    return (Codec<Object>) codec;
  }
}
