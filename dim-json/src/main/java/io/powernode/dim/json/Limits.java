package io.powernode.dim.json;

/**
 * Bounds of a document, so that reading one costs no more than was foreseen.
 *
 * @param document characters, or bytes where bytes are given
 * @param depth objects and arrays inside each other
 * @param values texts, numbers, objects and the like, all counted
 * @param text characters of one text
 */
record Limits(int document, int depth, int values, int text) {

  /** Characters of a field name; longer ones serve nobody. */
  static final int NAME = 1_000;

  /** Characters of a number; a double needs at most 767 significant digits. */
  static final int NUMBER = 1_000;

  static final int STORAGE_DEPTH = 256;

  /** What comes from outside. Two million numbers of eight characters fill 16 MiB. */
  static final Limits OUTSIDE = new Limits(16 << 20, 64, 2_000_000, 8 << 20);

  /** What DIM wrote itself; bounded by what the writer could hold in memory. */
  static final Limits STORED =
      new Limits(Integer.MAX_VALUE, STORAGE_DEPTH, Integer.MAX_VALUE, Integer.MAX_VALUE);

  Limits withDocument(int size) {
    return new Limits(size, depth, values, text);
  }
}
