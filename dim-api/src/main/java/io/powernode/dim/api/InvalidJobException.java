package io.powernode.dim.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A job specification that cannot be accepted, with everything that is wrong with it. Its code is
 * {@link ErrorCode#UNSUPPORTED_OPTION} when that is the only kind of violation, else {@link
 * ErrorCode#INVALID_JOB}.
 */
public final class InvalidJobException extends DimException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  /** An exception for at least one violation. */
  public InvalidJobException(List<Violation> violations) {
    super(codeOf(violations), describe(violations));
    this.violations = List.copyOf(violations);
  }

  /** All violations, in the order in which they were found. */
  public List<Violation> violations() {
    return violations;
  }

  private static ErrorCode codeOf(List<Violation> violations) {
    return violations.stream().allMatch(v -> v.code() == ErrorCode.UNSUPPORTED_OPTION)
        ? ErrorCode.UNSUPPORTED_OPTION
        : ErrorCode.INVALID_JOB;
  }

  private static String describe(List<Violation> violations) {
    if (violations.isEmpty()) {
      throw new IllegalArgumentException("violations: at least one is needed");
    }
    return violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
  }
}
