package io.powernode.dim.core;

import java.nio.charset.StandardCharsets;

/** Which texts a store can keep, and as what. */
final class Texts {
  private Texts() {}

  /** Not so for half a surrogate pair, of which there is no JSON. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it can be a key, or a part of one, if it is short enough. */
  static boolean isKey(String text) {
    return isUnicode(text) && text.indexOf(0) < 0;
  }

  /** Whether the texts together have at most so many bytes in UTF-8. */
  static boolean isWithin(int bytes, String... texts) {
    int chars = 0;
    for (String text : texts) {
      chars += text.length();
    }
    if (chars <= bytes / 3) {
      return true;
    }
    int exactly = 0;
    for (String text : texts) {
      exactly += text.getBytes(StandardCharsets.UTF_8).length;
    }
    return exactly <= bytes;
  }
}
