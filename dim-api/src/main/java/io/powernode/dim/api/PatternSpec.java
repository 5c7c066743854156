package io.powernode.dim.api;

/**
 * What a job asks of one pattern: the {@code config} of a submit body. The three patterns of DIM
 * have theirs in this package; a plugin brings its own, a record whose components are the JSON
 * fields.
 *
 * <p>An instance may hold values out of range: {@link #validate} finds them all at once. Submitting
 * validates.
 */
public interface PatternSpec {
  /** How deep patterns may stand inside each other; a job's own pattern counts as 0. */
  int MAX_NESTING = 8;

  /** The pattern's name in JSON, as in {@code collaborative}. */
  String pattern();

  /**
   * Adds a violation for everything that is wrong with this specification on its own, without
   * looking at models or nodes. Paths are relative to this specification.
   */
  default void validate(Violations violations) {}
}
