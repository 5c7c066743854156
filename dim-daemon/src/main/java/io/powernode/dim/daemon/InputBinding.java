package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a model's inputs of named tensors. Each input is, in this order:
 *
 * <ol>
 *   <li>the tensor of its name, as it is, or with [n] taken as [n,1];
 *   <li>the columns that the descriptor declares for it, stacked to [n,k];
 *   <li>if it is the only input: the only tensor, if that has as many dimensions;
 *   <li>if it is the only input and has two dimensions: all tensors, stacked in their order.
 * </ol>
 *
 * <p>Where inputs have parameters, this is said of the others. Tensors that no input asks for are
 * left alone. Numbers are converted as {@link NumberCopy} says. Messages name inputs, columns,
 * types and shapes, never values. Immutable.
 */
final class InputBinding {
  private final List<TensorSpec> inputs;
  private final Map<String, Tensor> parameters;

  private InputBinding(List<TensorSpec> inputs, Map<String, Tensor> parameters) {
    this.inputs = inputs;
    this.parameters = parameters;
  }

  /** A binding to the inputs that the file has, with the columns that the descriptor declares. */
  static InputBinding of(Signature file, ModelDescriptor model) {
    return new InputBinding(
        file.inputs().stream().map(input -> withColumns(input, model.signature())).toList(),
        Map.of());
  }

  /**
   * This binding with inputs that are the same whatever else is given. None may take the place of
   * rows: whoever could choose one column of them could read another, row by row.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} naming the parameter and what it needs
   */
  InputBinding withParameters(Map<String, Tensor> given) {
    Map<String, Tensor> fixed = new LinkedHashMap<>();
    given.forEach((name, tensor) -> fixed.put(name, parameter(name, tensor)));
    return new InputBinding(
        inputs.stream().filter(input -> !given.containsKey(input.name())).toList(), fixed);
  }

  private Tensor parameter(String name, Tensor given) {
    TensorSpec input =
        inputs.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new DimException(ErrorCode.INVALID_DATA, unknown(name)));
    if (!input.shape().isEmpty() && input.shape().get(0) < 0) {
      throw invalid(input, "takes rows and no parameter", "a fixed first dimension");
    }
    requireConvertible(input, "the parameter", given.dataType());
    Tensor converted = NumberCopy.convert("parameter " + name, given, input.datatype());
    if (!input.accepts(converted)) {
      throw invalid(input, "has shape " + Arrays.toString(given.shape()), wanted(input));
    }
    return converted;
  }

  private String unknown(String parameter) {
    return "parameter %s: the model has no such input; allowed: %s"
        .formatted(parameter, inputs.stream().map(TensorSpec::name).toList());
  }

  private static TensorSpec withColumns(TensorSpec input, Signature declared) {
    return declared
        .input(input.name())
        .filter(spec -> !spec.columns().isEmpty())
        .map(s -> new TensorSpec(input.name(), input.datatype(), input.shape(), s.columns()))
        .orElse(input);
  }

  /**
   * The model's inputs.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} naming the input and what it needs
   */
  Map<String, Tensor> bind(Map<String, Tensor> tensors) {
    Map<String, Tensor> bound = new LinkedHashMap<>();
    for (TensorSpec input : inputs) {
      bound.put(input.name(), bind(input, tensors));
    }
    bound.putAll(parameters);
    return bound;
  }

  private Tensor bind(TensorSpec input, Map<String, Tensor> tensors) {
    Tensor named = tensors.get(input.name());
    if (named != null) {
      return direct(input, named);
    } else if (!input.columns().isEmpty()) {
      return stack(input, select(input, tensors));
    } else if (inputs.size() == 1 && isOnly(input, tensors)) {
      return direct(input, tensors.values().iterator().next());
    } else if (inputs.size() == 1 && input.shape().size() == 2) {
      return stack(input, tensors);
    }
    throw invalid(input, "no tensor has its name", "a tensor of each input's name");
  }

  private static boolean isOnly(TensorSpec input, Map<String, Tensor> tensors) {
    return tensors.size() == 1 && tensors.values().iterator().next().rank() == input.shape().size();
  }

  private static Tensor direct(TensorSpec input, Tensor given) {
    requireConvertible(input, input.name(), given.dataType());
    Tensor shaped = given;
    if (given.rank() == 1 && input.shape().size() == 2) {
      shaped = given.reshape(given.dimension(0), 1);
    }
    Tensor converted = NumberCopy.convert("input " + input.name(), shaped, input.datatype());
    if (!input.accepts(converted)) {
      throw invalid(input, "has shape " + Arrays.toString(given.shape()), wanted(input));
    }
    return converted;
  }

  private static Map<String, Tensor> select(TensorSpec input, Map<String, Tensor> tensors) {
    Map<String, Tensor> selected = new LinkedHashMap<>();
    for (String column : input.columns()) {
      Tensor values = tensors.get(column);
      if (values == null) {
        throw invalid(input, "column " + column + " is missing", "all columns that it declares");
      }
      selected.put(column, values);
    }
    return selected;
  }

  private static Tensor stack(TensorSpec input, Map<String, Tensor> columns) {
    int width = columns.size();
    if (input.shape().size() != 2 || (input.shape().get(1) >= 0 && input.shape().get(1) != width)) {
      throw invalid(input, "there are " + width + " columns", wanted(input));
    } else if (columns.isEmpty() || input.datatype() == DataType.BYTES) {
      throw invalid(input, "cannot be stacked of these columns", "columns of numbers");
    }
    int rows = columns.values().iterator().next().elements();
    if (input.shape().get(0) >= 0 && input.shape().get(0) != rows) {
      throw invalid(input, "there are " + rows + " rows at once", wanted(input));
    }
    ByteBuffer bytes = NumberCopy.allocate(Math.multiplyExact(rows, width), input.datatype());
    int at = 0;
    for (Map.Entry<String, Tensor> column : columns.entrySet()) {
      requireColumn(input, column.getKey(), column.getValue(), rows);
      String name = "column " + column.getKey();
      NumberCopy.copy(name, column.getValue(), input.datatype(), bytes, at++, width);
    }
    return Tensor.wrap(input.datatype(), new long[] {rows, width}, bytes);
  }

  private static void requireColumn(TensorSpec input, String name, Tensor column, int rows) {
    requireConvertible(input, name, column.dataType());
    boolean isColumn = column.rank() == 1 || (column.rank() == 2 && column.dimension(1) == 1);
    if (!isColumn || column.elements() != rows) {
      throw invalid(
          input,
          "column " + name + " has shape " + Arrays.toString(column.shape()),
          "[n], the same for all columns");
    }
  }

  private static void requireConvertible(TensorSpec input, String name, DataType type) {
    if (!NumberCopy.converts(type, input.datatype())) {
      throw invalid(input, name + " is " + type, "what becomes " + input.datatype());
    }
  }

  private static String wanted(TensorSpec input) {
    return input.datatype() + input.shape().toString();
  }

  private static DimException invalid(TensorSpec input, String problem, String allowed) {
    return new DimException(
        ErrorCode.INVALID_DATA,
        "input %s: %s; allowed: %s".formatted(input.name(), problem, allowed));
  }
}
