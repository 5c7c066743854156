package io.powernode.dim.json;

import java.util.List;
import java.util.Map;

/**
 * The tree of a document, in plain Java: {@link Map} for an object, {@link List} for an array,
 * {@link String}, {@link Boolean}, {@link Long}, {@link Numeral} and {@link #NULL}.
 */
enum Json {
  /** The JSON null. */
  NULL;

  /**
   * A number that is no {@code long}, as it was written: nothing is rounded before the type that
   * wants it is known.
   *
   * @param text as it was written
   */
  record Numeral(String text) {

    boolean isWhole() {
      return text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
    }
  }

  /** What a value is, in words. */
  static String describe(Object json) {
    if (json instanceof Map) {
      return "an object";
    } else if (json instanceof List) {
      return "a list";
    } else if (json instanceof String) {
      return "a text";
    } else if (json instanceof Boolean) {
      return "a truth value";
    } else if (json == NULL) {
      return "null";
    }
    return "a number";
  }

  /** Whether every surrogate of a text has its other half; a text without is not Unicode. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
