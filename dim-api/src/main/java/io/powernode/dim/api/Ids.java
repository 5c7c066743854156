package io.powernode.dim.api;

import java.util.regex.Pattern;

/**
 * What an identifier of a job, node, model, cabinet, action or step may look like. Identifiers are
 * names, never paths: the pattern leaves no way to spell one.
 */
public final class Ids {
  /** The rule in words, for messages. */
  public static final String ALLOWED =
      "1 to 128 letters, digits, '.', '_', ':' or '-', beginning with a letter or digit, without '..'";

  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private Ids() {}

  /** Whether {@code id} is a legal identifier. */
  public static boolean isValid(String id) {
    return PATTERN.matcher(id).matches() && !id.contains("..");
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
