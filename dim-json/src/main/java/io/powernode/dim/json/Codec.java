package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one type look in JSON. Thread-safe.
 *
 * @param <T> the type
 */
abstract class Codec<T> {

  /** The value, or null if there is none to be had; then the reading has a violation. */
  abstract @Nullable T read(Object json, Place at, Reading in);

  abstract void write(T value, JsonGenerator out, Form form) throws IOException;

  /** What may be written, in words. */
  abstract String allowed();

  /** What it means that the field is not there; null if it must be there. */
  @Nullable T absent() {
    return null;
  }

  /** Whether a field with this value is left out. */
  boolean omits(T value) {
    return false;
  }

  /**
   * What stands in for a value that could not be read, so that all other fields can still be
   * judged; null if there is no such thing.
   */
  abstract @Nullable T standIn(Reading in);
}
