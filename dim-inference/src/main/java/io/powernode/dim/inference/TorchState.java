package io.powernode.dim.inference;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks in a model's code for what may make an answer depend on earlier calls: an attribute that is
 * set, or one that is changed in place, be it a tensor, a view of one or a list. It sees text only:
 * what is handed to another method and changed there escapes it.
 */
final class TorchState {
  private static final Pattern SET =
      Pattern.compile("^\\s+[\\w.()]+\\.\\w+ = .*|^\\s+setattr\\(.*");

  /** A name for an attribute, as in {@code count = self.count}. */
  private static final Pattern NAMED =
      Pattern.compile("^\\s+(\\w+) = (?:\\w+\\.\\w+|getattr\\(.*\\))$");

  /** A name for a view of something, which shares its memory. */
  private static final Pattern VIEW =
      Pattern.compile(
          "^\\s+(\\w+) = torch\\.(?:select|slice|narrow|view|reshape|flatten|unsqueeze|squeeze"
              + "|transpose|permute|t|expand|detach)\\(([\\w.]+)[,)].*");

  /** An operator in place; what it changes is its first argument, or that argument's own first. */
  private static final Pattern IN_PLACE =
      Pattern.compile(
          "(?:\\w*[a-z0-9]_|append|extend|insert|clear|pop|_set_item|reverse|sort|remove)"
              + "\\((?:[\\w.]+\\()*([\\w.]+)[,)]");

  /** These count while they are trained, and models here are not. */
  private static final Pattern INERT =
      Pattern.compile("__torch__\\.torch\\.nn\\.modules\\.(?:batchnorm|instancenorm)\\b.*");

  private TorchState() {}

  /** Whether some code keeps something. */
  static boolean isKept(Map<String, String> code) {
    return code.entrySet().stream()
        .filter(module -> !INERT.matcher(module.getKey()).matches())
        .anyMatch(module -> isKept(module.getValue()));
  }

  private static boolean isKept(String module) {
    Set<String> attributes = new HashSet<>();
    boolean constructs = false;
    for (String line : module.lines().toList()) {
      if (line.startsWith("  def ")) {
        attributes.clear();
        // An object that is being made is nobody's state yet.
        constructs = line.startsWith("  def __init__(");
      }
      Matcher named = NAMED.matcher(line);
      Matcher view = VIEW.matcher(line);
      if (named.matches()) {
        attributes.add(named.group(1));
      } else if (view.matches() && isAttribute(view.group(2), attributes)) {
        attributes.add(view.group(1));
      }
      if (!constructs && (SET.matcher(line).matches() || changes(line, attributes))) {
        return true;
      }
    }
    return false;
  }

  private static boolean changes(String line, Set<String> attributes) {
    Matcher inPlace = IN_PLACE.matcher(line);
    while (inPlace.find()) {
      if (isAttribute(inPlace.group(1), attributes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAttribute(String expression, Set<String> attributes) {
    return expression.contains(".") || attributes.contains(expression);
  }
}
