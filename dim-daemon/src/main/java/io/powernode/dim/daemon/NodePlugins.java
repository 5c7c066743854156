package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.Reduction;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a node can make of rows, by name.
 *
 * @param reductions what may leave
 * @param languages in which conditions can be
 * @param actions of the host
 */
record NodePlugins(
    Map<String, Reduction> reductions, Map<String, ConditionLanguage> languages, Actions actions) {

  NodePlugins {
    reductions = Map.copyOf(reductions);
    languages = Map.copyOf(languages);
  }

  /**
   * A reduction with its options.
   *
   * @throws DimException if the node has none of that name, or not with these options
   */
  Reducing reducing(ReductionSpec spec) {
    Reduction reduction = reductions.get(spec.method());
    if (reduction == null) {
      throw new DimException(
          ErrorCode.UNSUPPORTED_OPTION,
          "reduction: the node has no such method; allowed: " + new TreeSet<>(reductions.keySet()));
    }
    Violations violations = Violations.none().at("reduction");
    reduction.validate(spec.options(), violations);
    violations.throwIfAny();
    return new Reducing(reduction, spec);
  }

  /**
   * The language of a condition.
   *
   * @throws DimException with {@link ErrorCode#UNSUPPORTED_OPTION} if the node does not know it
   */
  ConditionLanguage language(String name) {
    ConditionLanguage language = languages.get(name);
    if (language == null) {
      throw new DimException(
          ErrorCode.UNSUPPORTED_OPTION,
          "condition: the node does not know its language; allowed: "
              + new TreeSet<>(languages.keySet()));
    }
    return language;
  }
}
