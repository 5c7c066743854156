package io.powernode.dim.daemon;

import io.powernode.dim.spi.RowRoute;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which of some rows a job could tell apart by the conditions that divided them so far. What is
 * made of a few rows and a value for all others is about the few, so the smallest group is what
 * stands behind an answer. Immutable.
 */
final class RowGroups {
  private final int[] groups;

  private RowGroups(int[] groups) {
    this.groups = groups;
  }

  /** Rows that nothing has divided. */
  static RowGroups one(int rows) {
    return new RowGroups(new int[rows]);
  }

  /** The same rows, divided by one more condition. */
  RowGroups divided(RowRoute route) {
    int[] sides = new int[groups.length];
    route.forEach(row -> sides[row] = 1);
    return with(new RowGroups(sides));
  }

  /** The same rows, divided as they were here and there. */
  RowGroups with(RowGroups other) {
    Map<Long, Integer> numbers = new HashMap<>();
    int[] both = new int[groups.length];
    for (int row = 0; row < both.length; row++) {
      long pair = (long) groups[row] << Integer.SIZE | other.groups[row];
      both[row] = numbers.computeIfAbsent(pair, first -> numbers.size());
    }
    return new RowGroups(both);
  }

  /** How many rows the smallest group has; 0 if there are no rows. */
  int least() {
    int[] sizes = new int[Arrays.stream(groups).max().orElse(-1) + 1];
    for (int group : groups) {
      sizes[group]++;
    }
    return Arrays.stream(sizes).min().orElse(0);
  }

  long bytes() {
    return (long) groups.length * Integer.BYTES;
  }
}
