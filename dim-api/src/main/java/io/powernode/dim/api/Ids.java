package io.powernode.dim.api;

/**
 * What an identifier of a job, node, model, cabinet, action or step may look like. Identifiers are
 * names, never paths: the pattern leaves no way to spell one.
 */
public final class Ids {
  /** The rule in words, for messages. */
  public static final String ALLOWED =
      "1 to 128 letters, digits, '.', '_', ':' or '-', beginning with a letter or digit, without '..'";

  private static final int MAX_LENGTH = 128;

  private Ids() {}

  /** Whether {@code id} is a legal identifier. */
  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH || !isLetterOrDigit(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isLetterOrDigit(c) && "._:-".indexOf(c) < 0 || c == '.' && id.charAt(i - 1) == '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  /**
   * Returns {@code id} if it is legal.
   *
   * @param field what the identifier names, for the message
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} otherwise
   */
  public static String require(String field, String id) {
    if (!isValid(id)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, field + ": is not an identifier; allowed: " + ALLOWED);
    }
    return id;
  }
}
