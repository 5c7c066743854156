package io.powernode.dim.patterns;

import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contributions that a method selected, in canonical order.
 *
 * @param selected at least one
 * @param rejected why the others were left out, by node
 */
record Selection(List<Input> selected, Map<String, String> rejected) {

  /** The places of all contributions. */
  static BitSet all(List<Input> inputs) {
    BitSet all = new BitSet();
    all.set(0, inputs.size());
    return all;
  }

  static Selection of(List<Input> inputs, BitSet places, String method) {
    List<Input> selected = new ArrayList<>();
    Map<String, String> rejected = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (places.get(i)) {
        selected.add(inputs.get(i));
      } else {
        rejected.put(inputs.get(i).nodeId(), "not selected by " + method);
      }
    }
    return new Selection(selected, rejected);
  }

  /** What was made of the selected ones, with the others named. */
  Aggregate rejecting(Aggregate ofSelected) {
    return new Aggregate(ofSelected.value(), ofSelected.shares(), rejected);
  }
}
