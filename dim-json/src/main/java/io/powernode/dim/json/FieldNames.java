package io.powernode.dim.json;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The spellings of a field's name. */
final class FieldNames {

  private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");
  private static final Pattern SNAKE_BREAK = Pattern.compile("_([a-z0-9])");
  private static final Pattern CAMEL_BREAK = Pattern.compile("([a-z0-9])([A-Z])");

  /** Longer names are not compared: whoever wrote them did not mistype ours. */
  private static final int MAX_COMPARED = 40;

  private FieldNames() {}

  /** {@code minSamples} as {@code min_samples}. */
  static String snake(String camel) {
    return CAMEL_BREAK.matcher(camel).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
  }

  /** {@code min_samples} as {@code minSamples}; any other name as it is. */
  static String camel(String name) {
    return SNAKE.matcher(name).matches()
        ? SNAKE_BREAK.matcher(name).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT))
        : name;
  }

  /** What somebody who wrote an unknown name may write instead. */
  static String suggest(String written, Collection<String> known) {
    String all = known.isEmpty() ? "no fields" : String.join(", ", known);
    return nearest(written, known).map(name -> "did you mean " + name + "? one of: ").orElse("")
        + all;
  }

  private static Optional<String> nearest(String written, Collection<String> known) {
    if (written.length() > MAX_COMPARED) {
      return Optional.empty();
    }
    String plain = plain(written);
    String best = "";
    int least = Math.max(1, plain.length() / 3) + 1;
    for (String name : known) {
      int distance = distance(plain, plain(name));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance (1966), one row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
