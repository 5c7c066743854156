package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which nodes' answers may be aggregated. An answer on its own must speak for rows, be
 * finite, and have the form that the model's signature gives the reduction's partials. Where the
 * signature leaves something open, the answers must also be of one form: that of the most nodes, of
 * equally many that of the node whose id comes first. No rule depends on the order of arrival.
 */
final class ContributionCheck {
  /** More rows than any node has, and few enough that 10,000 nodes' rows can be added. */
  private static final long MOST_SAMPLES = 1L << 48;

  private final Reduction reduction;
  private final ModelDescriptor model;
  private final ReductionSpec spec;
  private final Map<String, Integer> sizes;

  /**
   * A check.
   *
   * @param spec what the nodes are asked for
   * @param sizes how many numbers some of the tensors must have, by name
   */
  ContributionCheck(
      Reduction reduction, ModelDescriptor model, ReductionSpec spec, Map<String, Integer> sizes) {
    this.reduction = reduction;
    this.model = model;
    this.spec = spec;
    this.sizes = sizes;
  }

  /** What is wrong with an answer on its own. */
  Optional<String> problem(Partial partial) {
    if (partial.samples() <= 0) {
      return Optional.of("it speaks for no rows");
    }
    if (partial.samples() > MOST_SAMPLES) {
      return Optional.of("it claims more rows than can be");
    }
    if (partial.values().isEmpty()) {
      return Optional.of("it is empty");
    }
    if (!Tensors.isFinite(partial.values())) {
      return Optional.of("it has numbers that are not finite");
    }
    Optional<String> problem =
        reduction instanceof PartialForm form
            ? form.problem(partial, model, spec)
            : Optional.empty();
    return problem.or(() -> wrongSize(partial));
  }

  private Optional<String> wrongSize(Partial partial) {
    for (Map.Entry<String, Integer> size : sizes.entrySet()) {
      Tensor tensor = partial.values().get(size.getKey());
      if (tensor == null || tensor.elements() != size.getValue()) {
        return Optional.of(
            "the output %s has not the %d numbers that the parameter needs"
                .formatted(size.getKey(), size.getValue()));
      }
    }
    return Optional.empty();
  }

  /** The nodes whose form is another than the rest's, by id. */
  static SortedMap<String, String> outliers(SortedMap<String, Partial> partials) {
    Map<String, Integer> counts = new HashMap<>();
    partials.values().forEach(partial -> counts.merge(form(partial), 1, Integer::sum));
    String reference = "";
    for (Partial partial : partials.values()) {
      String form = form(partial);
      if (Lookup.in(counts, form) > counts.getOrDefault(reference, 0)) {
        reference = form;
      }
    }
    SortedMap<String, String> outliers = new TreeMap<>();
    for (Map.Entry<String, Partial> entry : partials.entrySet()) {
      if (!form(entry.getValue()).equals(reference)) {
        outliers.put(entry.getKey(), "its names, types or shapes differ from the other nodes'");
      }
    }
    return outliers;
  }

  /** The names, types and shapes of an answer. */
  static String form(Partial partial) {
    SortedMap<String, String> tensors = new TreeMap<>();
    partial.values().forEach((name, tensor) -> tensors.put(name, form(tensor)));
    return tensors.toString();
  }

  private static String form(Tensor tensor) {
    return tensor.dataType() + Arrays.toString(tensor.shape());
  }
}
