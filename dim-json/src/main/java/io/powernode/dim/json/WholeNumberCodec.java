package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Integers, written as such: neither 1.0 nor 1e3 nor "1". */
final class WholeNumberCodec<T extends Number> extends Codec<T> {

  static final WholeNumberCodec<Integer> INT =
      new WholeNumberCodec<>(Integer.MIN_VALUE, Integer.MAX_VALUE, n -> (int) n);
  static final WholeNumberCodec<Long> LONG =
      new WholeNumberCodec<>(Long.MIN_VALUE, Long.MAX_VALUE, n -> n);

  /**
   * Stands in for numbers that could not be read. Large, so that a field that must be smaller than
   * this one is not blamed; not so large that anybody loops to it in vain.
   */
  private static final long STAND_IN = 1_000_000;

  private final long min;
  private final long max;
  private final LongFunction<T> box;

  private WholeNumberCodec(long min, long max, LongFunction<T> box) {
    this.min = min;
    this.max = max;
    this.box = box;
  }

  @Override
  @Nullable T read(Object json, Place at, Reading in) {
    if (json instanceof Long number) {
      if (number >= min && number <= max) {
        return box.apply(number);
      }
      in.refuse(at, "is out of range", range());
    } else if (json instanceof Json.Numeral numeral) {
      if (numeral.text().equals("-0")) {
        return box.apply(0);
      }
      if (numeral.isWhole()) {
        in.refuse(at, "is out of range", range());
      } else {
        in.refuse(at, "is not written as an integer", allowed());
      }
    } else {
      in.wrongType(at, json, allowed());
    }
    return null;
  }

  @Override
  void write(T value, JsonGenerator out, Form form) throws IOException {
    out.writeNumber(value.longValue());
  }

  @Override
  String allowed() {
    return "an integer";
  }

  @Override
  T standIn(Reading in) {
    return box.apply(STAND_IN);
  }

  private String range() {
    return "an integer from " + min + " to " + max;
  }
}
