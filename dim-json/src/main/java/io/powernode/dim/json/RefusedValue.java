package io.powernode.dim.json;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a violation of what a record's constructor says against its values. */
final class RefusedValue {

  private static final Pattern FORM =
      Pattern.compile("(?:([^:;]+): )?(.+?)(?:; allowed: (.+))?", Pattern.DOTALL);

  private RefusedValue() {}

  /** Our messages read "field: problem; allowed: range"; those of others are taken whole. */
  static void report(RuntimeException refusal, Place at, List<String> fields, Reading in) {
    String message = String.valueOf(refusal.getMessage());
    Matcher parts = FORM.matcher(message);
    if (!parts.matches()) {
      in.refuse(at, "is refused", "values that its type takes");
      return;
    }
    String field = parts.group(1) == null ? "" : parts.group(1);
    String allowed = parts.group(3) == null ? "values that its type takes" : parts.group(3);
    if (fields.contains(field)) {
      in.refuse(at.field(field), parts.group(2), allowed);
    } else {
      in.refuse(at, (field.isEmpty() ? "" : field + " ") + parts.group(2), allowed);
    }
  }
}
