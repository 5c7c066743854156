package io.powernode.dim.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Text as both databases hold it, ordered by code point, and lists of it in one column. */
final class Texts {
  /** As much as an index of PostgreSQL holds in one line, less what it needs itself. */
  private static final int KEY_BYTES = 2_600;

  private Texts() {}

  /** Not so for text with U+0000, which PostgreSQL does not hold, or half a surrogate pair. */
  static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static void require(String field, String text) {
    if (!isStorable(text)) {
      throw new IllegalArgumentException(
          field + ": holds U+0000 or an unpaired surrogate; allowed: other text");
    }
  }

  /** Refuses what is too long to be found by. */
  static void requireShort(String field, String... texts) {
    int bytes = 0;
    for (String text : texts) {
      bytes += text.getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > KEY_BYTES) {
      throw new IllegalArgumentException(
          field + ": is too long; allowed: " + KEY_BYTES + " bytes in UTF-8");
    }
  }

  /** The first text after all that start with {@code prefix}; empty if there is none. */
  static Optional<String> afterAll(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return Optional.of(prefix.substring(0, end) + Character.toString(next));
      }
    }
    return Optional.empty();
  }

  /** Each text after its length and a colon. */
  static String join(List<String> texts) {
    StringBuilder joined = new StringBuilder();
    texts.forEach(text -> joined.append(text.length()).append(':').append(text));
    return joined.toString();
  }

  /** What {@link #join} put together. */
  static List<String> split(String joined) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    while (at < joined.length()) {
      int start = joined.indexOf(':', at) + 1;
      int end = start + Integer.parseInt(joined, at, start - 1, 10);
      texts.add(joined.substring(start, end));
      at = end;
    }
    return texts;
  }
}
