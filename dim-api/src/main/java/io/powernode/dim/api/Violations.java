package io.powernode.dim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects violations under a path, so that a specification is checked to its end and not only to
 * its first mistake. Not thread-safe.
 */
public final class Violations {
  private final Supplier<String> prefix;
  private final List<Violation> found;

  /**
   * A view of a collection.
   *
   * @param prefix the path of the current object, put together only when something is wrong with it
   */
  private Violations(Supplier<String> prefix, List<Violation> found) {
    this.prefix = prefix;
    this.found = found;
  }

  /** An empty collection at the root of a document. */
  public static Violations none() {
    return new Violations(() -> "", new ArrayList<>());
  }

  /** The same collection, seen from the field {@code name} of the current object. */
  public Violations at(String name) {
    return new Violations(() -> join(name), found);
  }

  /** The same collection, seen from element {@code index} of the current list. */
  public Violations at(int index) {
    return new Violations(() -> prefix.get() + "[" + index + "]", found);
  }

  /** Adds a violation of the field {@code name}; an empty name means the current object itself. */
  public void add(String name, String problem, String allowed) {
    found.add(new Violation(join(name), problem, allowed, ErrorCode.INVALID_JOB));
  }

  /** Adds a violation for a contract option that this build or combination cannot honour. */
  public void unsupported(String name, String problem, String allowed) {
    found.add(new Violation(join(name), problem, allowed, ErrorCode.UNSUPPORTED_OPTION));
  }

  /** Adds a violation unless {@code holds}. */
  public void require(boolean holds, String name, String problem, String allowed) {
    if (!holds) {
      add(name, problem, allowed);
    }
  }

  /** Adds a violation unless {@code holds}; the problem is put in words only then. */
  public void require(boolean holds, String name, Supplier<String> problem, String allowed) {
    if (!holds) {
      add(name, problem.get(), allowed);
    }
  }

  /** Adds a violation unless {@code value} is a legal identifier, see {@link Ids}. */
  public void requireId(String value, String name) {
    require(Ids.isValid(value), name, "is not an identifier", Ids.ALLOWED);
  }

  /** Adds a violation for each element of a list that is not a legal identifier. */
  void requireIds(List<String> ids, String name) {
    for (int i = 0; i < ids.size(); i++) {
      at(name).at(i).requireId(ids.get(i), "");
    }
  }

  /** Adds a violation unless the value, if there is one, is a share of one. */
  void requireShare(Optional<Double> value, String name) {
    double share = value.orElse(0.0);
    require(share >= 0 && share <= 1, name, "is out of range", "0 to 1");
  }

  /** Adds a violation unless {@code value} is above 0 and finite. */
  void requirePositive(double value, String name) {
    require(value > 0 && Double.isFinite(value), name, "is not positive", "above 0, finite");
  }

  /** Whether a violation was already found at the field {@code name} or below it. */
  public boolean has(String name) {
    String path = join(name);
    return found.stream()
        .map(Violation::path)
        .anyMatch(
            p ->
                path.isEmpty()
                    || p.equals(path)
                    || p.startsWith(path + ".")
                    || p.startsWith(path + "["));
  }

  /** Everything found so far, under every path, in the order of finding. */
  public List<Violation> list() {
    return List.copyOf(found);
  }

  /**
   * Ends the check.
   *
   * @throws InvalidJobException listing every violation, if there is any
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidJobException(found);
    }
  }

  private String join(String name) {
    String path = prefix.get();
    if (name.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? name : path + "." + name;
  }
}
