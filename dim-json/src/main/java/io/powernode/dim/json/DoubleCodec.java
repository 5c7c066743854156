package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Doubles: JSON numbers, and the names of what JSON cannot say. A job must be finite. */
final class DoubleCodec extends Codec<Double> {

  static final DoubleCodec INSTANCE = new DoubleCodec();

  private DoubleCodec() {}

  @Override
  @Nullable Double read(Object json, Place at, Reading in) {
    Double number = number(json);
    if (number == null && in.form() != Form.JOB) {
      number = nonFinite(json);
      if (number != null) {
        return number;
      }
    }
    if (number == null) {
      in.wrongType(at, json, allowed());
    } else if (!Double.isFinite(number)) {
      in.refuse(at, "is out of range", allowed());
      return null;
    }
    return number;
  }

  /** A JSON number as the nearest double, which may be infinite; null for anything else. */
  static @Nullable Double number(Object json) {
    if (json instanceof Long number) {
      return (double) number;
    }
    return json instanceof Json.Numeral numeral ? Double.valueOf(numeral.text()) : null;
  }

  /** What a text names; null if it names no number. */
  static @Nullable Double nonFinite(Object json) {
    if (!(json instanceof String text)) {
      return null;
    }
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  @Override
  void write(Double value, JsonGenerator out, Form form) throws IOException {
    out.writeNumber(value);
  }

  @Override
  String allowed() {
    return "a finite number";
  }

  @Override
  Double standIn(Reading in) {
    return 0.0;
  }
}
