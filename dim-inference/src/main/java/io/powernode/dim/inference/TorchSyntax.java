package io.powernode.dim.inference;

import java.util.ArrayList;
import java.util.List;

/** The little of the syntax of TorchScript's code that its method heads need. */
final class TorchSyntax {
  private TorchSyntax() {}

  /** The parts between separators that are in no bracket and no text, stripped; at least one. */
  static List<String> split(String code, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < code.length(); at = next(code, at)) {
      if (code.charAt(at) == separator) {
        parts.add(code.substring(from, at).strip());
        from = at + 1;
      }
    }
    parts.add(code.substring(from).strip());
    return parts;
  }

  /** Where the bracket closes that opens at {@code open}; the end of the code if it does not. */
  static int closing(String code, int open) {
    return Math.max(open, next(code, open) - 1);
  }

  /** The place after the character, bracketed expression or quoted text at {@code at}. */
  private static int next(String code, int at) {
    int depth = 0;
    int i = at;
    do {
      char c = code.charAt(i);
      if (c == '"' || c == '\'') {
        i = endOfText(code, i);
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      }
      i++;
    } while (depth > 0 && i < code.length());
    return i;
  }

  private static int endOfText(String code, int quote) {
    int i = quote + 1;
    while (i < code.length() && code.charAt(i) != code.charAt(quote)) {
      i += code.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }
}
