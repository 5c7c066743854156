package io.powernode.dim.json;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One document on its way in: in which form it is, and what was found wrong with it. */
final class Reading {

  /** More mistakes than anybody mends one by one; a hostile document could have millions. */
  static final int MAX_VIOLATIONS = 1_000;

  private final Form form;
  private final Violations found = Violations.none();
  private final Map<String, String> moved = new HashMap<>();
  private int count;
  private int standIns;

  Reading(Form form) {
    this.form = form;
  }

  Form form() {
    return form;
  }

  int count() {
    return count;
  }

  List<Violation> violations() {
    return found.list();
  }

  void refuse(Place at, String problem, String allowed) {
    found.add(at.toString(), problem, allowed);
    stopIfMany();
  }

  void wrongType(Place at, Object json, String allowed) {
    refuse(at, "is " + Json.describe(json), allowed);
  }

  void unsupported(Place at) {
    found.unsupported(at.toString(), "is not available in this build", "leave it out");
    stopIfMany();
  }

  /** Whether the field itself was refused. */
  boolean hasRefused(Place at) {
    String path = at.toString();
    return found.list().stream().anyMatch(violation -> violation.path().equals(path));
  }

  /** A field does not stand where the finished value believes it to stand. */
  void moved(Place believed, Place actual) {
    moved.put(believed.toString(), actual.toString());
  }

  StopReading stop(Place at, String problem, String allowed) {
    found.add(at.toString(), problem, allowed);
    return new StopReading();
  }

  /** A text that stands in for one that could not be read: legal as an id, and no other's. */
  String standInText() {
    return "unread-" + ++standIns;
  }

  /**
   * Adds what a finished value says against itself, except for fields that could not be read: there
   * a stand-in was judged.
   */
  void merge(List<Violation> more) {
    List<String> unread = new ArrayList<>();
    found.list().forEach(violation -> unread.add(violation.path()));
    for (Violation violation : more) {
      String path = moved.getOrDefault(violation.path(), violation.path());
      if (unread.stream().noneMatch(top -> isAtOrBelow(path, top))) {
        add(path, violation);
      }
    }
  }

  private void add(String path, Violation violation) {
    if (violation.code() == ErrorCode.UNSUPPORTED_OPTION) {
      found.unsupported(path, violation.problem(), violation.allowed());
    } else {
      found.add(path, violation.problem(), violation.allowed());
    }
    stopIfMany();
  }

  private static boolean isAtOrBelow(String path, String top) {
    return path.startsWith(top)
        && (path.length() == top.length()
            || path.charAt(top.length()) == '.'
            || path.charAt(top.length()) == '[');
  }

  private void stopIfMany() {
    if (++count >= MAX_VIOLATIONS) {
      throw stop(
          Place.ROOT,
          "has more mistakes than are listed",
          "mend these " + MAX_VIOLATIONS + " first");
    }
  }
}
