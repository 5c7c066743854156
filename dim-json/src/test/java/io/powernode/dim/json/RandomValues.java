package io.powernode.dim.json;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Makes values of any type that has a JSON form, the odd ones included, from a seed. */
final class RandomValues {

  private static final List<String> TEXTS =
      List.of("", "a", "node-1", "model.x", "snake_name", "Zürich", "\u0000\n\"\\", "😀", "kind");

  /** How deep a value may hold lists, maps and optionals that are not empty. */
  private static final int DEEPEST = 6;

  private final Random random;
  private int depth;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  /** A value of a type; a constructor that refuses is asked again with other values. */
  Object of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return text();
    } else if (raw == boolean.class || raw == Boolean.class) {
      return random.nextBoolean();
    } else if (raw == int.class || raw == Integer.class) {
      return random.nextBoolean() ? random.nextInt(4) : random.nextInt();
    } else if (raw == long.class || raw == Long.class) {
      return random.nextBoolean() ? random.nextInt(4) : random.nextLong();
    } else if (raw == double.class || raw == Double.class) {
      return number();
    } else if (raw == Duration.class) {
      return Duration.ofSeconds(random.nextInt() * 1_000_000L, random.nextInt(2_000_000_000));
    } else if (raw == Instant.class) {
      return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    } else if (raw == LocalDate.class) {
      return LocalDate.ofEpochDay(random.nextInt(100_000));
    } else if (raw == TimeRange.class) {
      LocalDate from = LocalDate.ofEpochDay(random.nextInt(100_000));
      return new TimeRange(from, from.plusDays(random.nextInt(100)));
    } else if (raw == Digest.class) {
      return Digest.of(new byte[] {(byte) random.nextInt()});
    } else if (raw == Options.class) {
      return Options.of(plainMap(2));
    } else if (raw == PatternSpec.class) {
      return pattern();
    } else if (raw == Tensor.class) {
      return tensor();
    } else if (raw.isEnum()) {
      return pick(Arrays.asList(raw.getEnumConstants()));
    } else if (raw.isRecord()) {
      return record(raw);
    } else if (raw.isSealed()) {
      return of(pick(List.of(raw.getPermittedSubclasses())));
    }
    throw new IllegalArgumentException("no values of " + raw);
  }

  private Object generic(ParameterizedType type) {
    depth++;
    try {
      return generic(type, depth > DEEPEST ? 0 : random.nextInt(4));
    } finally {
      depth--;
    }
  }

  private Object generic(ParameterizedType type, int size) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return size == 0 ? Optional.empty() : Optional.of(of(arguments[0]));
    } else if (type.getRawType() == Map.class) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(text(), of(arguments[1]));
      }
      return map;
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(of(arguments[0]));
    }
    return type.getRawType() == Set.class ? new LinkedHashSet<>(list) : list;
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    for (int attempt = 0; attempt < 1_000; attempt++) {
      Object[] values = Arrays.stream(components).map(c -> of(c.getGenericType())).toArray();
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
      } catch (InvocationTargetException e) {
        boolean refused =
            e.getCause() instanceof IllegalArgumentException
                || e.getCause() instanceof DimException;
        if (!refused) {
          throw new AssertionError(type + " broke", e);
        }
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("no acceptable " + type);
  }

  private Object pattern() {
    return of(
        pick(
            List.of(
                io.powernode.dim.api.CollaborativeSpec.class,
                io.powernode.dim.api.ComparativeSpec.class,
                io.powernode.dim.api.ChainedSpec.class)));
  }

  String text() {
    return pick(TEXTS) + (random.nextBoolean() ? "" : random.nextInt(100));
  }

  double number() {
    return switch (random.nextInt(6)) {
      case 0 -> Double.NaN;
      case 1 -> Double.NEGATIVE_INFINITY;
      case 2 -> -0.0;
      case 3 -> random.nextInt(10);
      case 4 -> Double.MIN_VALUE;
      default -> random.nextGaussian();
    };
  }

  Map<String, Object> plainMap(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(), plain(depth));
    }
    return map;
  }

  private Object plain(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> text();
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> random.nextInt(10) / 2.0;
      case 4 -> -0.0;
      case 5 -> List.of(plain(depth - 1), plain(depth - 1));
      default -> plainMap(depth - 1);
    };
  }

  /** Any type and shape, 0-dimensional and empty ones included, over any bits. */
  Tensor tensor() {
    DataType type = pick(List.of(DataType.values()));
    long[] shape = new long[random.nextInt(4)];
    int elements = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = random.nextInt(4);
      elements *= (int) shape[i];
    }
    if (type == DataType.BYTES) {
      List<byte[]> values = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        byte[] value = new byte[random.nextInt(3)];
        random.nextBytes(value);
        values.add(value);
      }
      return Tensor.ofByteStrings(values, elements).reshape(shape);
    }
    byte[] bytes = new byte[elements * type.size()];
    random.nextBytes(bytes);
    if (type == DataType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    return Tensor.wrap(type, shape, ByteBuffer.wrap(bytes));
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
