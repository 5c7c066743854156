package io.powernode.dim.patterns;

import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A model's inputs beside its rows, some of which a round changes. Immutable.
 *
 * @param tensors all of them
 * @param updates which outputs change which; the names are among those of the tensors
 */
record Parameters(Map<String, Tensor> tensors, Map<String, Update> updates) {

  /** How many numbers each output that changes a parameter must have, by the output's name. */
  Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    updates.forEach(
        (name, update) -> {
          int numbers = Lookup.in(tensors, name).elements();
          update.value().ifPresent(output -> sizes.put(output, numbers));
          update.gradient().ifPresent(output -> sizes.put(output, numbers));
          update
              .hessian()
              .ifPresent(output -> sizes.put(output, Math.multiplyExact(numbers, numbers)));
        });
    return sizes;
  }

  /** A node's answer with each new value as the change that it is. */
  Partial toUpdate(Partial answer) {
    Map<String, Tensor> told = new LinkedHashMap<>(answer.values());
    updates.forEach(
        (name, update) ->
            update
                .value()
                .ifPresent(
                    output ->
                        told.computeIfPresent(
                            output, (key, value) -> less(value, Lookup.in(tensors, name)))));
    return new Partial(told, answer.samples());
  }

  /** What the optimizer adds to each parameter, by name. */
  Map<String, double[]> steps(Map<String, Tensor> aggregate, ServerOptimizer optimizer) {
    Map<String, double[]> steps = new LinkedHashMap<>();
    updates.forEach(
        (name, update) -> {
          Optional<double[]> hessian =
              update.hessian().map(output -> Lookup.in(aggregate, output).toDoubles());
          steps.put(name, optimizer.step(name, direction(update, aggregate), hessian));
        });
    return steps;
  }

  private static double[] direction(Update update, Map<String, Tensor> aggregate) {
    if (update.value().isPresent()) {
      return Lookup.in(aggregate, update.value().get()).toDoubles();
    }
    double[] uphill = Lookup.in(aggregate, update.gradient().orElseThrow()).toDoubles();
    for (int i = 0; i < uphill.length; i++) {
      uphill[i] = -uphill[i];
    }
    return uphill;
  }

  /** The parameters after these steps; those that moved are FP64, in their own shape. */
  Parameters plus(Map<String, double[]> steps) {
    Map<String, Tensor> moved = new LinkedHashMap<>(tensors);
    steps.forEach(
        (name, step) -> {
          Tensor old = Lookup.in(tensors, name);
          double[] values = old.toDoubles();
          for (int i = 0; i < values.length; i++) {
            values[i] += step[i];
          }
          moved.put(name, Tensors.ofDoubles(values, old.shape()));
        });
    return new Parameters(moved, updates);
  }

  /** A refused answer may have any form, and then stays as it is. */
  private static Tensor less(Tensor value, Tensor parameter) {
    if (!value.dataType().isFloating() || value.elements() != parameter.elements()) {
      return value;
    }
    double[] change = value.toDoubles();
    double[] old = parameter.toDoubles();
    for (int i = 0; i < change.length; i++) {
      change[i] -= old[i];
    }
    return Tensors.ofDoubles(change, value.shape());
  }
}
