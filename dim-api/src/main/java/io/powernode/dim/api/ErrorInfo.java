package io.powernode.dim.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An error as a value: what {@link DimException} carries, what a failed task or job records, and
 * what crosses the wire.
 *
 * @param code why
 * @param message one sentence for a person; never holds a path, a URL or data of a cabinet
 * @param retryable whether the same request may succeed later; decided where the error is born
 * @param subject what it is about, from kind ({@code job}, {@code task}, {@code node}, {@code
 *     model}, {@code cabinet}) to identifier
 */
public record ErrorInfo(
    ErrorCode code, String message, boolean retryable, Map<String, String> subject) {

  public ErrorInfo {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    subject = Collections.unmodifiableMap(new LinkedHashMap<>(subject));
  }

  /** An error with the code's usual retryability and no subject. */
  public static ErrorInfo of(ErrorCode code, String message) {
    return new ErrorInfo(code, message, code.retryable(), Map.of());
  }

  /** This error with one more subject; an earlier subject of the same kind stays. */
  public ErrorInfo about(String kind, String id) {
    if (subject.containsKey(kind)) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(subject);
    more.put(kind, id);
    return new ErrorInfo(code, message, retryable, more);
  }
}
