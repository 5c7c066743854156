package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.RowRoute;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which rows of a step's data go through it, and what the others have instead of its answer.
 *
 * @param route empty if all of them do, unasked
 */
record Routing(Optional<RowRoute> route, PassBy passBy) {

  /** All rows go through, unasked. */
  static Routing none() {
    return new Routing(Optional.empty(), new PassBy(Map.of(), Map.of()));
  }

  /** Whether the step has nothing to do. */
  boolean isIdle() {
    return route.filter(rows -> rows.through() == 0).isPresent();
  }

  /** What the trace says of it. */
  Optional<RoutedRows> counts() {
    return route.map(rows -> new RoutedRows(rows.through(), rows.rows()));
  }

  /** The route, if some rows pass by. */
  private Optional<RowRoute> dividing() {
    return route.filter(rows -> rows.through() < rows.rows());
  }

  /** The data of the rows that go through. */
  Map<String, Tensor> select(Map<String, Tensor> data, Optional<ModelDescriptor> model) {
    if (dividing().isEmpty()) {
      return data;
    }
    RowRoute rows = dividing().get();
    Map<String, Tensor> selected = new LinkedHashMap<>(data);
    ofRows(data, model).forEach(name -> selected.computeIfPresent(name, (n, t) -> rows.take(t)));
    return selected;
  }

  /**
   * The answer for all rows in their order.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it is not about the rows that went
   *     through, or those that passed by have nothing of its form
   */
  Map<String, Tensor> merge(Map<String, Tensor> answer) {
    if (dividing().isEmpty()) {
      return answer;
    }
    RowRoute rows = dividing().get();
    Map<String, Tensor> merged = new LinkedHashMap<>();
    answer.forEach(
        (name, tensor) -> {
          long[] form = Tensors.rowShape(name, tensor, rows.through());
          Tensor passing = passBy.of(name, tensor.dataType(), form, rows.rows());
          merged.put(name, rows.merge(tensor, passing));
        });
    return merged;
  }

  /** The answer of a step with these outputs that no row went through. */
  Map<String, Tensor> passing(List<TensorSpec> outputs) {
    RowRoute rows = route.orElseThrow();
    Map<String, Tensor> passing = new LinkedHashMap<>();
    for (TensorSpec output : outputs) {
      Tensor value = passBy.of(output.name(), output.datatype(), passBy.form(output), rows.rows());
      passing.put(output.name(), rows.merge(Tensors.withoutRows(value), value));
    }
    return passing;
  }

  /**
   * The number of rows of a step's data.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it has none, or not all of it as
   *     many
   */
  static int rows(Map<String, Tensor> data, Optional<ModelDescriptor> model) {
    List<Tensor> columns = ofRows(data, model).stream().map(data::get).toList();
    boolean areColumns =
        !columns.isEmpty()
            && columns.stream()
                .allMatch(t -> t.rank() > 0 && t.dimension(0) == columns.get(0).dimension(0));
    if (!areColumns) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "rows: the step's data cannot be told apart by rows: "
              + ofRows(data, model).stream()
                  .map(name -> name + " " + data.get(name))
                  .collect(Collectors.joining(", ")));
    }
    return Math.toIntExact(columns.get(0).dimension(0));
  }

  /** The tensors of rows: inputs whose first dimension is fixed are the same for all of them. */
  private static Set<String> ofRows(Map<String, Tensor> data, Optional<ModelDescriptor> model) {
    return data.keySet().stream()
        .filter(
            name ->
                model
                    .flatMap(m -> m.signature().input(name))
                    .map(input -> !input.shape().isEmpty() && input.shape().get(0) < 0)
                    .orElse(true))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
