package io.powernode.dim.json;

import io.powernode.dim.api.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the elements of numeric and truth tensors from JSON. */
final class TensorElements {

  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,19})");

  private final DataType type;
  private final ByteBuffer bytes;
  private final BigInteger min;
  private final BigInteger max;

  private TensorElements(DataType type, int elements) {
    this.type = type;
    bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, type.size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    boolean signed = type.name().startsWith("INT");
    BigInteger span = BigInteger.ONE.shiftLeft(8 * type.size());
    min = signed ? span.shiftRight(1).negate() : BigInteger.ZERO;
    max = (signed ? span.shiftRight(1) : span).subtract(BigInteger.ONE);
  }

  /** The bytes of the elements; null if one of them was refused. */
  static @Nullable ByteBuffer read(DataType type, List<?> data, Place at, Reading in) {
    TensorElements elements = new TensorElements(type, data.size());
    int before = in.count();
    for (int i = 0; i < data.size(); i++) {
      Object json = data.get(i);
      String problem = elements.put(json);
      if (problem != null) {
        in.refuse(at.item(i), problem, elements.allowed());
      }
    }
    return in.count() == before ? elements.bytes.flip() : null;
  }

  /** Appends one element; otherwise says what is wrong with it. */
  private @Nullable String put(Object json) {
    if (type == DataType.BOOL) {
      return putTruth(json);
    }
    return type.isFloating() ? putFloat(json) : putWhole(json);
  }

  private @Nullable String putTruth(Object json) {
    if (json instanceof Boolean truth) {
      bytes.put((byte) (truth ? 1 : 0));
      return null;
    }
    return "is " + Json.describe(json);
  }

  private @Nullable String putFloat(Object json) {
    Double named = DoubleCodec.nonFinite(json);
    Double value = named == null ? DoubleCodec.number(json) : named;
    if (value == null) {
      return "is " + Json.describe(json);
    }
    boolean fits =
        switch (type) {
          case FP64 -> put64(value);
          case FP32 ->
              put32(
                  json instanceof Json.Numeral n
                      ? Float.parseFloat(n.text())
                      : single(json, value));
          case FP16 -> put16(HalfFloats.fp16(value), 0x7c00);
          default -> put16(HalfFloats.bf16(value), 0x7f80);
        };
    return fits || named != null ? null : "is out of range";
  }

  /** A long goes to the nearest float at once; by way of a double it would be rounded twice. */
  private static float single(Object json, double value) {
    return json instanceof Long number ? (float) (long) number : (float) value;
  }

  private boolean put64(double value) {
    bytes.putDouble(value);
    return Double.isFinite(value);
  }

  private boolean put32(float value) {
    bytes.putFloat(value);
    return Float.isFinite(value);
  }

  private boolean put16(short value, int exponent) {
    bytes.putShort(value);
    return (value & exponent) != exponent;
  }

  private @Nullable String putWhole(Object json) {
    if (json instanceof Long number) {
      return fits(number) ? putBits(number) : "is out of range";
    }
    String text = whole(json);
    if (text == null) {
      return json instanceof Json.Numeral
          ? "is not written as an integer"
          : "is " + Json.describe(json);
    }
    if (!WHOLE.matcher(text).matches()) {
      return json instanceof String ? "is a text that is no integer" : "is out of range";
    }
    BigInteger value = new BigInteger(text);
    boolean inRange = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    return inRange ? putBits(value.longValue()) : "is out of range";
  }

  private boolean fits(long value) {
    return switch (type) {
      case INT64 -> true;
      case UINT64 -> value >= 0;
      default -> value >= min.longValueExact() && value <= max.longValueExact();
    };
  }

  private @Nullable String whole(Object json) {
    if (json instanceof Json.Numeral numeral) {
      return numeral.isWhole() ? numeral.text() : null;
    }
    boolean wide = type == DataType.INT64 || type == DataType.UINT64;
    return wide && json instanceof String text ? text : null;
  }

  private @Nullable String putBits(long bits) {
    switch (type.size()) {
      case 1 -> bytes.put((byte) bits);
      case 2 -> bytes.putShort((short) bits);
      case 4 -> bytes.putInt((int) bits);
      default -> bytes.putLong(bits);
    }
    return null;
  }

  private String allowed() {
    if (type == DataType.BOOL) {
      return "true or false";
    } else if (type.isFloating()) {
      return "a number within " + type + ", or \"NaN\", \"Infinity\", \"-Infinity\"";
    }
    return "an integer from " + min + " to " + max;
  }
}
