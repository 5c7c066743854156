package io.powernode.dim.jdbc;

import java.util.List;

/**
 * What {@link JdbcStateStore#check} found.
 *
 * @param entries how many entries there are
 * @param large how many of their values lie in the blob store
 * @param bytes how many bytes the values have as they are stored
 * @param notCurrent how many values {@link JdbcStateStore#reseal} would encrypt anew
 * @param problems what is wrong, for a person: the first hundred; empty if the store is sound
 */
public record StoreReport(
    long entries, long large, long bytes, long notCurrent, List<String> problems) {
  public StoreReport {
    problems = List.copyOf(problems);
  }

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return problems.isEmpty();
  }
}
