package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.TimeRange;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Texts, and values that have a text form of their own. */
final class TextCodec<T> extends Codec<T> {

  static final TextCodec<String> STRING =
      new TextCodec<>("a text", text -> text, Reading::standInText);
  static final TextCodec<Instant> INSTANT =
      new TextCodec<>("a time as in 2026-01-31T12:00:00Z", Instant::parse, in -> Instant.EPOCH);
  static final TextCodec<LocalDate> DATE =
      new TextCodec<>("a day as in 2026-01-31", LocalDate::parse, in -> LocalDate.EPOCH);
  static final TextCodec<TimeRange> TIME_RANGE =
      new TextCodec<>(
          "a period as in 2024-01-01/2024-12-31",
          TimeRange::parse,
          in -> new TimeRange(LocalDate.EPOCH, LocalDate.EPOCH));
  static final TextCodec<Digest> DIGEST =
      new TextCodec<>(
          "sha256: and 64 lower-case hexadecimal digits",
          Digest::new,
          in -> Digest.of(new byte[0]));

  private final String allowed;
  private final Function<String, T> parse;
  private final Function<Reading, T> standIn;

  private TextCodec(String allowed, Function<String, T> parse, Function<Reading, T> standIn) {
    this.allowed = allowed;
    this.parse = parse;
    this.standIn = standIn;
  }

  @Override
  @Nullable T read(Object json, Place at, Reading in) {
    if (!(json instanceof String text)) {
      in.wrongType(at, json, allowed);
      return null;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      in.refuse(at, "is malformed", allowed);
      return null;
    }
  }

  @Override
  void write(T value, JsonGenerator out, Form form) throws IOException {
    out.writeString(value.toString());
  }

  @Override
  String allowed() {
    return allowed;
  }

  @Override
  T standIn(Reading in) {
    return standIn.apply(in);
  }
}
