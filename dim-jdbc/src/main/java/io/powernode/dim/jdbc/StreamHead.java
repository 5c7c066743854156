package io.powernode.dim.jdbc;

/**
 * Where a stream is.
 *
 * @param last the number of its last change
 * @param fences how often somebody made sure that what was sent before has ended
 */
record StreamHead(long last, long fences) {
  static final StreamHead NEW = new StreamHead(0, 0);

  StreamHead next() {
    return new StreamHead(last + 1, fences);
  }
}
