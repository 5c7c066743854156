package io.powernode.dim.benchmarks;

import java.util.List;

/**
 * What a suite measures, and what was promised of it.
 *
 * @param measures in the order in which they are taken
 */
record Plan(List<Measure> measures, List<Target> targets) {
  Plan {
    measures = List.copyOf(measures);
    targets = List.copyOf(targets);
  }
}
