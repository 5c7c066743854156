package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as seconds, to the nanosecond; finer ones are rounded. */
final class DurationCodec extends Codec<Duration> {

  static final DurationCodec INSTANCE = new DurationCodec();

  /** The decimal digits of the longest duration's seconds. */
  private static final int MAX_DIGITS = 19;

  private static final int NANO_DIGITS = 9;

  private DurationCodec() {}

  @Override
  @Nullable Duration read(Object json, Place at, Reading in) {
    if (json instanceof Long seconds) {
      return Duration.ofSeconds(seconds);
    }
    if (!(json instanceof Json.Numeral numeral)) {
      in.wrongType(at, json, allowed());
      return null;
    }
    Duration duration = parse(numeral.text());
    if (duration == null) {
      in.refuse(at, "is out of range", allowed());
    }
    return duration;
  }

  /** Looks at the magnitude first: spelling out 1e999999999 would take all memory there is. */
  private static @Nullable Duration parse(String text) {
    try {
      BigDecimal seconds = new BigDecimal(text);
      long magnitude = (long) seconds.precision() - seconds.scale();
      if (seconds.signum() == 0 || magnitude < -NANO_DIGITS) {
        return Duration.ZERO;
      }
      if (magnitude > MAX_DIGITS) {
        return null;
      }
      BigDecimal rounded = seconds.setScale(NANO_DIGITS, RoundingMode.HALF_EVEN);
      BigDecimal whole = rounded.setScale(0, RoundingMode.DOWN);
      long nanos = rounded.subtract(whole).movePointRight(NANO_DIGITS).longValueExact();
      return Duration.ofSeconds(whole.longValueExact(), nanos);
    } catch (ArithmeticException | NumberFormatException e) {
      // An exponent beyond 32 bits is a number format to BigDecimal.
      return null;
    }
  }

  @Override
  void write(Duration value, JsonGenerator out, Form form) throws IOException {
    if (value.getNano() == 0) {
      out.writeNumber(value.getSeconds());
    } else {
      BigDecimal seconds =
          BigDecimal.valueOf(value.getSeconds())
              .add(BigDecimal.valueOf(value.getNano(), NANO_DIGITS));
      out.writeNumber(seconds.stripTrailingZeros().toPlainString());
    }
  }

  @Override
  String allowed() {
    return "seconds, as a number";
  }

  @Override
  Duration standIn(Reading in) {
    return Duration.ofSeconds(1);
  }
}
