package io.powernode.dim.benchmarks;

import java.util.Map;
import java.util.Objects;

/**
 * All measures of a suite, taken once, one after the other.
 *
 * @param samples by the measure's id
 */
record Round(Map<String, Sample> samples) {

  Sample sample(String id) {
    return Objects.requireNonNull(samples.get(id), id);
  }
}
