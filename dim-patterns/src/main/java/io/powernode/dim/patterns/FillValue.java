package io.powernode.dim.patterns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/** One value of a job's options as an element of a tensor. */
final class FillValue {
  private static final Map<String, Double> NOT_FINITE =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  private FillValue() {}

  /** A row whose elements all have the value; empty if the type has no such value. */
  static Optional<Tensor> row(DataType type, long[] form, Object value) {
    long[] shape = new long[form.length + 1];
    shape[0] = 1;
    int elements = 1;
    for (int i = 0; i < form.length; i++) {
      shape[i + 1] = form[i];
      elements = Math.multiplyExact(elements, Math.toIntExact(form[i]));
    }
    int count = elements;
    return element(type, value)
        .map(
            element -> {
              ByteBuffer bytes =
                  ByteBuffer.allocate(Math.multiplyExact(count, element.remaining()));
              while (bytes.hasRemaining()) {
                bytes.put(element.duplicate());
              }
              return Tensor.wrap(type, shape, bytes.flip());
            });
  }

  private static Optional<ByteBuffer> element(DataType type, Object value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case BYTES -> text(value);
      case BOOL ->
          value instanceof Boolean truth
              ? Optional.of(bytes.put((byte) (truth ? 1 : 0)).flip())
              : Optional.empty();
      case FP64 -> number(value).map(number -> bytes.putDouble(number).flip());
      case FP32 ->
          number(value)
              .filter(number -> Float.isFinite((float) (double) number) || !Double.isFinite(number))
              .map(number -> bytes.putFloat((float) (double) number).flip());
      case FP16, BF16 -> Optional.empty();
      default -> whole(type, value).map(number -> bytes.putLong(number).flip().limit(type.size()));
    };
  }

  private static Optional<ByteBuffer> text(Object value) {
    if (!(value instanceof String text)) {
      return Optional.empty();
    }
    byte[] utf8 = text.getBytes(UTF_8);
    return Optional.of(
        ByteBuffer.allocate(Integer.BYTES + utf8.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(utf8.length)
            .put(utf8)
            .flip());
  }

  private static Optional<Double> number(Object value) {
    return value instanceof Number number
        ? Optional.of(number.doubleValue())
        : Optional.ofNullable(value instanceof String text ? NOT_FINITE.get(text) : null);
  }

  /** An integer of the type's range; little-endian, its low bytes come first. */
  private static Optional<Long> whole(DataType type, Object value) {
    if (!(value instanceof Number)) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(value.toString());
    int bits = type.size() * Byte.SIZE;
    boolean unsigned = type.name().startsWith("U");
    BigDecimal most = BigDecimal.valueOf(2).pow(unsigned ? bits : bits - 1);
    BigDecimal least = unsigned ? BigDecimal.ZERO : most.negate();
    boolean fits =
        number.stripTrailingZeros().scale() <= 0
            && number.compareTo(least) >= 0
            && number.compareTo(most) < 0;
    return fits ? Optional.of(number.toBigInteger().longValue()) : Optional.empty();
  }
}
