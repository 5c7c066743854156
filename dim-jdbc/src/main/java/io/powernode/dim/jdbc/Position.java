package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;

/** Where an entry stands in an index; as text, the cursor of a scan. */
record Position(String indexKey, String key) {

  String cursor() {
    return indexKey.length() + ":" + indexKey + key;
  }

  static Position parse(String cursor, String prefix) {
    int colon = cursor.indexOf(':');
    boolean isNumbered =
        colon > 0 && colon < 10 && cursor.chars().limit(colon).allMatch(c -> c >= '0' && c <= '9');
    if (isNumbered && Texts.isStorable(cursor)) {
      int start = colon + 1;
      int end = start + Integer.parseInt(cursor.substring(0, colon));
      if (end <= cursor.length()
          && end - start >= prefix.length()
          && cursor.startsWith(prefix, start)) {
        return new Position(cursor.substring(start, end), cursor.substring(end));
      }
    }
    throw new DimException(
        ErrorCode.INVALID_ARGUMENT, "after: is not a cursor of this scan; allowed: Page.next");
  }
}
