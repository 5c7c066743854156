package io.powernode.dim.inference;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of a model's method {@code forward}: TorchScript writes the type of every argument and
 * of the result, though not of a tensor's elements. Immutable.
 *
 * @param arguments all but the model itself, in their order
 * @param results the types of what it answers, one for each part of a tuple
 * @param isTuple whether it answers a tuple
 */
record TorchForward(List<Argument> arguments, List<String> results, boolean isTuple) {
  private static final Pattern HEAD = Pattern.compile("(?m)^  def forward\\(");
  private static final Pattern TUPLE = Pattern.compile("Tuple\\[(.*)]", Pattern.DOTALL);
  private static final Pattern OPTIONAL = Pattern.compile("Optional\\[(.*)]", Pattern.DOTALL);

  TorchForward {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
  }

  /**
   * An argument.
   *
   * @param name its name in the code
   * @param type as the code writes it; of an {@code Optional}, what it is if given
   * @param hasDefault whether a call may leave it out
   */
  record Argument(String name, String type, boolean hasDefault) {}

  /**
   * Reads the method's head.
   *
   * @throws io.powernode.dim.api.DimException with MODEL_INVALID or MODEL_UNSUPPORTED
   */
  static TorchForward of(TorchArchive archive) {
    String code = classBody(archive);
    Matcher head = HEAD.matcher(code);
    if (!head.find()) {
      throw Refusals.unsupported("the model has no method forward");
    }
    int close = TorchSyntax.closing(code, head.end() - 1);
    String rest = code.substring(Math.min(code.length(), close + 1));
    String result = TorchSyntax.split(rest, ':').get(0).replaceFirst("^->\\s*", "");
    Matcher tuple = TUPLE.matcher(result);
    return new TorchForward(
        TorchSyntax.split(code.substring(head.end(), close), ',').stream()
            .skip(1)
            .filter(parameter -> !parameter.isEmpty())
            .map(TorchForward::argument)
            .toList(),
        tuple.matches() ? TorchSyntax.split(tuple.group(1), ',') : List.of(result),
        tuple.matches());
  }

  /** The lines of the model's class: all indented ones after its head. */
  private static String classBody(TorchArchive archive) {
    int dot = archive.rootClass().lastIndexOf('.');
    String module = archive.code().getOrDefault(archive.rootClass().substring(0, dot), "");
    String head = "class " + archive.rootClass().substring(dot + 1) + "(Module):";
    String body =
        module
            .lines()
            .dropWhile(line -> !line.equals(head))
            .skip(1)
            .takeWhile(line -> line.startsWith(" "))
            .collect(Collectors.joining("\n"));
    if (body.isEmpty()) {
      throw Refusals.invalid("the archive has no code for the model's class");
    }
    return body;
  }

  private static Argument argument(String code) {
    List<String> valueParts = TorchSyntax.split(code, '=');
    List<String> nameAndType = TorchSyntax.split(valueParts.get(0), ':');
    String type = nameAndType.get(nameAndType.size() - 1);
    Matcher optional = OPTIONAL.matcher(type);
    return new Argument(
        nameAndType.get(0), optional.matches() ? optional.group(1) : type, valueParts.size() > 1);
  }
}
