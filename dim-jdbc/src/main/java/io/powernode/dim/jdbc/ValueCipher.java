package io.powernode.dim.jdbc;

/**
 * What is done to a value's bytes before they leave for the disk, and undone when they come back:
 * encryption at rest. Keys of entries and of indexes are not values and stay as they are.
 * Thread-safe.
 */
public interface ValueCipher {
  /**
   * The bytes to store instead of {@code plain}, which is not changed.
   *
   * @param key of the entry; the sealed value opens under no other
   */
  byte[] seal(String key, byte[] plain);

  /**
   * The bytes that {@link #seal} was given.
   *
   * @throws io.powernode.dim.api.DimException if they were not sealed under that key by this
   *     cipher, or altered
   */
  byte[] open(String key, byte[] sealed);

  /** Whether {@link #seal} would still seal like that, with the same secret. */
  boolean isCurrent(byte[] sealed);

  /** Stores bytes as they are; refuses what {@link AesGcmCipher} sealed. */
  static ValueCipher none() {
    return NoCipher.INSTANCE;
  }
}
