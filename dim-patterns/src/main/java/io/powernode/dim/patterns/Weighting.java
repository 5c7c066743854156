package io.powernode.dim.patterns;

import io.powernode.dim.api.Options;
import io.powernode.dim.spi.Aggregator.Input;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** By what a method that averages weighs the contributions. */
enum Weighting {
  /** By the rows that they speak for. */
  SAMPLES(input -> input.partial().samples()),
  /** By the job's weights; a node without one by its reputation. */
  GIVEN(Input::weight),
  /** By the nodes' reputation; the job then has no weights. */
  REPUTATION(Input::weight),
  /** All the same. */
  NONE(input -> 1);

  static final String OPTION = "weighting";
  static final Set<String> NAMES =
      Arrays.stream(values()).map(Weighting::option).collect(Collectors.toUnmodifiableSet());

  private final ToDoubleFunction<Input> weight;

  Weighting(ToDoubleFunction<Input> weight) {
    this.weight = weight;
  }

  private String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The weighting that valid options ask for, if they do. */
  static Optional<Weighting> in(Options options) {
    return options.text(OPTION).map(text -> valueOf(text.toUpperCase(Locale.ROOT)));
  }

  double[] of(List<Input> inputs) {
    return inputs.stream().mapToDouble(weight).toArray();
  }
}
