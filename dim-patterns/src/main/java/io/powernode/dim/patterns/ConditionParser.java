package io.powernode.dim.patterns;

import io.powernode.dim.patterns.ConditionTree.Comparison;
import io.powernode.dim.patterns.ConditionTree.Operand;
import io.powernode.dim.patterns.ConditionTree.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a condition by recursive descent, to a bounded depth. {@code not} binds more tightly than
 * {@code and}, and that more than {@code or}. Not thread-safe.
 */
final class ConditionParser {
  private static final int MAX_DEPTH = 32;

  private static final Pattern SPACE = Pattern.compile("\\s*+");
  private static final Pattern WORD = Pattern.compile("\\w++");
  private static final Pattern SIGN = Pattern.compile("<=|>=|==|!=|<|>");
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");
  private static final Pattern TEXT = Pattern.compile("'((?:[^']++|'')*+)'");
  private static final Pattern OUTPUT =
      Pattern.compile(
          "step_([1-9][0-9]{0,5})_output\\.(?:([\\p{L}\\p{N}_.:/-]++)|'((?:[^']++|'')++)')");

  private final String text;
  private final Matcher matcher;
  private int at;
  private int depth;
  private boolean inRows;

  ConditionParser(String text) {
    this.text = text;
    this.matcher = SPACE.matcher(text);
  }

  ConditionTree parse() {
    ConditionTree condition = either();
    if (at < text.length()) {
      throw wrong(at, "and, or, or the end is expected");
    }
    return condition;
  }

  private ConditionTree either() {
    return joined(
        "or", () -> joined("and", this::single, ConditionTree.And::new), ConditionTree.Or::new);
  }

  private ConditionTree joined(
      String word,
      Supplier<ConditionTree> part,
      Function<List<ConditionTree>, ConditionTree> join) {
    List<ConditionTree> parts = new ArrayList<>();
    do {
      parts.add(part.get());
    } while (isWord(word));
    return parts.size() == 1 ? parts.get(0) : join.apply(List.copyOf(parts));
  }

  private ConditionTree single() {
    skipSpace();
    if (++depth > MAX_DEPTH) {
      throw wrong(at, "is nested more than " + MAX_DEPTH + " deep");
    }
    ConditionTree condition;
    int start = at;
    if (isWord("not")) {
      condition = new ConditionTree.Not(single());
    } else if (isWord("any")) {
      condition = new ConditionTree.AnyRow(rows(start));
    } else if (isWord("all")) {
      condition = new ConditionTree.AllRows(rows(start));
    } else if (is('(')) {
      condition = enclosed();
    } else {
      condition = comparison();
    }
    depth--;
    return condition;
  }

  private ConditionTree rows(int start) {
    if (inRows) {
      throw wrong(start, "any and all cannot stand inside each other");
    }
    require('(');
    inRows = true;
    ConditionTree part = enclosed();
    inRows = false;
    return part;
  }

  private ConditionTree enclosed() {
    ConditionTree condition = either();
    require(')');
    return condition;
  }

  private Comparison comparison() {
    int start = at;
    Operand left = operand();
    skipSpace();
    int signAt = at;
    Operator operator =
        next(SIGN)
            .flatMap(
                sign -> Stream.of(Operator.values()).filter(o -> o.sign().equals(sign)).findFirst())
            .orElseThrow(() -> wrong(signAt, "one of <, <=, >, >=, == and != is expected"));
    Operand right = operand();
    if (!(left instanceof ConditionTree.Output) && !(right instanceof ConditionTree.Output)) {
      throw wrong(start, "the comparison reads no output");
    }
    boolean isText = left instanceof ConditionTree.Text || right instanceof ConditionTree.Text;
    if (isText && operator.isOrder()) {
      throw wrong(signAt, "texts are compared with == and != only");
    }
    return new Comparison(left, operator, right);
  }

  private Operand operand() {
    skipSpace();
    int start = at;
    if (next(OUTPUT).isPresent()) {
      String name = matcher.group(2);
      return new ConditionTree.Output(
          Integer.parseInt(matcher.group(1)),
          name != null ? name : unquoted(matcher.group(3)),
          start + 1);
    }
    if (next(TEXT).isPresent()) {
      return new ConditionTree.Text(unquoted(matcher.group(1)));
    }
    double value =
        next(NUMBER)
            .map(Double::parseDouble)
            .orElseThrow(
                () ->
                    wrong(
                        start,
                        "step_K_output.NAME, a number or a text in single quotes is expected"));
    if (Double.isInfinite(value)) {
      throw wrong(start, "the number is too large");
    }
    return new ConditionTree.Numeral(value);
  }

  private static String unquoted(String quoted) {
    return quoted.replace("''", "'");
  }

  private boolean isWord(String word) {
    skipSpace();
    int start = at;
    boolean found = next(WORD).filter(word::equals).isPresent();
    at = found ? at : start;
    return found;
  }

  private boolean is(char bracket) {
    skipSpace();
    boolean found = at < text.length() && text.charAt(at) == bracket;
    at += found ? 1 : 0;
    return found;
  }

  private void require(char bracket) {
    if (!is(bracket)) {
      throw wrong(at, bracket + " is expected");
    }
  }

  private void skipSpace() {
    next(SPACE);
  }

  private Optional<String> next(Pattern pattern) {
    if (!matcher.usePattern(pattern).region(at, text.length()).lookingAt()) {
      return Optional.empty();
    }
    at = matcher.end();
    return Optional.of(matcher.group());
  }

  private static IllegalArgumentException wrong(int at, String problem) {
    return new IllegalArgumentException("column " + (at + 1) + ": " + problem);
  }
}
