package io.powernode.dim.core;

import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.StoredValue;

/**
 * A record on its way into the store. A store in memory keeps the object; one on disk asks for the
 * bytes.
 */
record Stored(Object value, DimJson json) implements StoredValue {

  @Override
  public byte[] bytes() {
    return json.encode(value);
  }

  /** The value of an entry, decoded only if the store does not hold the object itself. */
  static <T> T read(Class<T> type, StoredValue value, DimJson json) {
    return value instanceof Stored stored && type.isInstance(stored.value)
        ? type.cast(stored.value)
        : json.decode(type, value.bytes());
  }
}
