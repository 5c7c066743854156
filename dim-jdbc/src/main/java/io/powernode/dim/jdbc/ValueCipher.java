package io.powernode.dim.jdbc;

/**
 * What is done to a value's bytes before they leave for the disk, and undone when they come back:
 * encryption at rest. Keys of entries and of indexes are not values and stay as they are.
 * Thread-safe.
 */
public interface ValueCipher {
  /** The bytes to store instead of {@code plain}, which is not changed. */
  byte[] seal(byte[] plain);

  /**
   * The bytes that {@link #seal} was given.
   *
   * @throws io.powernode.dim.api.DimException if they were not sealed by this cipher, or altered
   */
  byte[] open(byte[] sealed);

  /** Stores bytes as they are. */
  static ValueCipher none() {
    return NoCipher.INSTANCE;
  }
}
