package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which outputs change which parameters, where a job leaves it to the names. */
final class RoundUpdates {
  private RoundUpdates() {}

  /**
   * The job's own updates; else by equal names, else the only output for the only parameter.
   *
   * @return empty if the job says nothing and the names neither
   */
  static Map<String, Update> of(Rounds rounds, ModelDescriptor model, Set<String> parameters) {
    if (!rounds.updates().isEmpty()) {
      return rounds.updates();
    }
    List<TensorSpec> outputs = model.signature().outputs();
    Map<String, Update> updates = new LinkedHashMap<>();
    for (String parameter : parameters) {
      if (model.signature().output(parameter).isPresent()) {
        updates.put(parameter, Update.value(parameter));
      }
    }
    if (updates.isEmpty() && parameters.size() == 1 && outputs.size() == 1) {
      updates.put(parameters.iterator().next(), Update.value(outputs.get(0).name()));
    }
    return updates;
  }
}
