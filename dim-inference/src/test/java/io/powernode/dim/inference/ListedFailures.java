package io.powernode.dim.inference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The list of the cases of ONNX's backend suite that fail, with the reasons: a resource. */
final class ListedFailures {
  private static final String RESOURCE = "/onnx-backend-failures.txt";

  private ListedFailures() {}

  /**
   * Cases that fail for one reason.
   *
   * @param reason a sentence
   * @param failure what each failure has in it
   * @param ofMachine whether the reason lies in the machine: on another one all of them pass
   */
  record Group(String reason, Pattern failure, boolean ofMachine, List<String> cases) {}

  static List<Group> read() {
    try (InputStream in = ListedFailures.class.getResourceAsStream(RESOURCE)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Group> groups = new ArrayList<>();
      String reason = "";
      for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        switch (line.charAt(0)) {
          case '=' -> reason = line.substring(2);
          case '~', '?' -> {
            Pattern failure = Pattern.compile(line.substring(2));
            groups.add(new Group(reason, failure, line.charAt(0) == '?', new ArrayList<>()));
          }
          default -> groups.get(groups.size() - 1).cases().add(line);
        }
      }
      return groups;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
