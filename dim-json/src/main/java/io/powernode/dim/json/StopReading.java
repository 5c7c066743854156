package io.powernode.dim.json;

/** Ends the reading of a document whose further reading would serve nobody. */
final class StopReading extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StopReading() {
    super("reading stopped; the reason is among the violations", null, false, false);
  }
}
