package io.powernode.dim.api;

import java.util.Objects;

/**
 * One thing wrong with a job specification.
 *
 * @param path where, as in {@code config.pipeline[1].timeout}; empty for the document itself
 * @param problem what is wrong with the value
 * @param allowed what would be right
 * @param code {@link ErrorCode#INVALID_JOB} or {@link ErrorCode#UNSUPPORTED_OPTION}
 */
public record Violation(String path, String problem, String allowed, ErrorCode code) {

  public Violation {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(code, "code");
  }

  /** The violation in one line. */
  @Override
  public String toString() {
    return (path.isEmpty() ? "(document)" : path) + ": " + problem + "; allowed: " + allowed;
  }
}
