package io.powernode.dim.patterns;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each of several distinct texts stands in its list. */
final class Positions {
  private Positions() {}

  static Map<String, Integer> of(List<String> texts) {
    Map<String, Integer> positions = new HashMap<>(texts.size() * 2);
    for (int i = 0; i < texts.size(); i++) {
      positions.put(texts.get(i), i);
    }
    return positions;
  }
}
