package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a task works on. */
public sealed interface TaskInput {

  /**
   * Tensors that travel with the task: by the model's input names, or columns of shape [n] by the
   * names of features.
   *
   * @param tensors named tensors
   */
  record Tensors(Map<String, Tensor> tensors) implements TaskInput {
    public Tensors {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
  }

  /**
   * The rows of a data cabinet of the node.
   *
   * @param name the cabinet; empty for the node's only one that fits
   * @param dataType the kind of data that fits, when the name is empty
   * @param timeRange only rows of this period
   * @param parameters by name, inputs of the model that are the same for all rows. The node refuses
   *     one for an input whose first dimension is open, as that of the rows is
   */
  record Cabinet(
      Optional<String> name,
      Optional<String> dataType,
      Optional<TimeRange> timeRange,
      Map<String, Tensor> parameters)
      implements TaskInput {
    public Cabinet {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Rows alone. */
    public Cabinet(
        Optional<String> name, Optional<String> dataType, Optional<TimeRange> timeRange) {
      this(name, dataType, timeRange, Map.of());
    }

    /** All rows of a named cabinet. */
    public static Cabinet named(String name) {
      return new Cabinet(Optional.of(name), Optional.empty(), Optional.empty());
    }
  }

  /**
   * What an earlier task of the same scope answered; empty tensors if it did not succeed. The
   * context replaces it by the tensors before the task is sent.
   *
   * @param step the earlier task's step name
   */
  record OutputOf(String step) implements TaskInput {}

  /**
   * Rows that earlier tasks of the job left on the node, see {@link NodeRows#handle}. All columns
   * are of the same rows.
   *
   * @param columns by the names of the model's inputs, or those that the condition has for them
   * @param division which of the rows a model works on; empty for all
   */
  record Kept(Map<String, Column> columns, Optional<Division> division) implements TaskInput {
    public Kept {
      columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
  }

  /**
   * A tensor that stays on the node.
   *
   * @param handle of the task that left it
   * @param tensor its name there
   */
  record Column(String handle, String tensor) {}

  /**
   * Which rows a model works on; the answer has all of them, in their order.
   *
   * @param condition that a row must meet
   * @param read what the condition reads, by its names
   * @param passing what the other rows have in an output of that name
   * @param otherwise the same where it is one value: tensors of one row
   */
  record Division(
      Condition condition,
      Map<String, Column> read,
      Map<String, Column> passing,
      Map<String, Tensor> otherwise) {
    public Division {
      read = Collections.unmodifiableMap(new TreeMap<>(read));
      passing = Collections.unmodifiableMap(new TreeMap<>(passing));
      otherwise = Collections.unmodifiableMap(new TreeMap<>(otherwise));
    }
  }
}
