package io.powernode.dim.api;

import java.util.Map;

/**
 * The one root of everything DIM throws. Unchecked; says what went wrong, whether a retry may help,
 * and what it is about.
 */
public class DimException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorInfo info;

  /** An exception that carries {@code info}. */
  public DimException(ErrorInfo info) {
    super(info.message());
    this.info = info;
  }

  /** An exception that carries {@code info} and keeps its cause for the local log. */
  public DimException(ErrorInfo info, Throwable cause) {
    super(info.message(), cause);
    this.info = info;
  }

  /** An exception with the code's usual retryability. */
  public DimException(ErrorCode code, String message) {
    this(ErrorInfo.of(code, message));
  }

  /** The error as a value. */
  public final ErrorInfo info() {
    return info;
  }

  /** Why. */
  public final ErrorCode code() {
    return info.code();
  }

  /** Whether the same request may succeed later. */
  public final boolean retryable() {
    return info.retryable();
  }

  /** What it is about, from kind to identifier. */
  public final Map<String, String> subject() {
    return info.subject();
  }
}
