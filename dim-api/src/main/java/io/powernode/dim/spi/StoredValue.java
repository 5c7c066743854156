package io.powernode.dim.spi;

/**
 * A value of an entry. It can always be had as bytes; a store that keeps values in memory may keep
 * the object itself, so that nothing is encoded that is never written. Immutable and thread-safe.
 */
@FunctionalInterface
public interface StoredValue {
  /** The value as bytes, encoded when asked for; not to be changed. */
  byte[] bytes();

  /** A value that is bytes. */
  static StoredValue of(byte[] bytes) {
    return () -> bytes;
  }
}
