package io.powernode.dim.patterns;

import io.powernode.dim.api.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the tensors at hand feeds which input of a model: one of the same name; else the only
 * tensor the only input; else, for a model with one input of named columns, tensors called like
 * those columns, which the node puts together.
 *
 * @param pairs from an input's name to a tensor's
 * @param columns tensors to pass on as they are
 * @param unfed inputs for which there is nothing
 */
record HandOver(Map<String, String> pairs, List<String> columns, List<String> unfed) {

  /**
   * Matches names.
   *
   * @param inputs the model's inputs that the job does not map itself
   * @param onlyInput whether the model has no other inputs than these
   * @param tensors the names of the tensors at hand
   */
  static HandOver match(List<TensorSpec> inputs, boolean onlyInput, Set<String> tensors) {
    Map<String, String> pairs = new LinkedHashMap<>();
    List<String> unfed = new ArrayList<>();
    boolean single = onlyInput && inputs.size() == 1;
    for (TensorSpec input : inputs) {
      if (tensors.contains(input.name())) {
        pairs.put(input.name(), input.name());
      } else if (single && tensors.size() == 1) {
        pairs.put(input.name(), tensors.iterator().next());
      } else if (single && !input.columns().isEmpty() && tensors.containsAll(input.columns())) {
        return new HandOver(Map.of(), input.columns(), List.of());
      } else {
        unfed.add(input.name());
      }
    }
    return new HandOver(pairs, List.of(), unfed);
  }

  /**
   * Whether a tensor that fits {@code output} can fit {@code input}: a node converts numbers to
   * numbers, and takes [n] as [n,1].
   */
  static boolean fits(TensorSpec output, TensorSpec input) {
    if (output.datatype().isNumeric() != input.datatype().isNumeric()) {
      return false;
    }
    List<Long> given = new ArrayList<>(output.shape());
    List<Long> needed = input.shape();
    if (given.size() == 1 && needed.size() == 2) {
      given.add(1L);
    }
    boolean fits = given.size() == needed.size();
    for (int i = 0; fits && i < needed.size(); i++) {
      fits = given.get(i) < 0 || needed.get(i) < 0 || given.get(i).equals(needed.get(i));
    }
    return fits;
  }
}
