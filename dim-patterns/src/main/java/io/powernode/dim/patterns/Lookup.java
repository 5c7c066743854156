package io.powernode.dim.patterns;

import java.util.Map;

/** Reads maps where the key is known to be there. */
final class Lookup {
  private Lookup() {}

  /** The value under {@code key}; its absence is a defect of ours. */
  static <K, V> V in(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("there is nothing under " + key);
    }
    return value;
  }
}
