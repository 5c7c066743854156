package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.RowRoute;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Lets a model see only the rows of each block that go through, and gives the others what passes
 * by. Not thread-safe.
 */
final class Divider {
  private final RowRoute route;
  private final KeptInput.Division division;
  private int index;
  private int offset;

  Divider(RowRoute route, KeptInput.Division division) {
    this.route = route;
    this.division = division;
  }

  /**
   * Refuses a model for whose outputs the other rows have nothing of the same kind.
   *
   * @param outputs of the model
   */
  void require(List<TensorSpec> outputs) {
    Map<String, Tensor> passing = passing();
    for (TensorSpec output : outputs) {
      Tensor other = passing(output.name(), passing);
      if (other.dataType() != output.datatype() || other.rank() != output.shape().size()) {
        throw unlike(output.name(), output.datatype() + output.shape().toString(), other);
      }
    }
  }

  /** What all rows of the next block have. */
  Map<String, Tensor> next(Batch batch, UnaryOperator<Map<String, Tensor>> model) {
    RowRoute part = route.part(offset, batch.rows());
    Map<String, Tensor> passing = passing();
    offset += batch.rows();
    index++;
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (part.through() == 0) {
      passing.forEach((name, tensor) -> all.put(name, part.merge(none(tensor), tensor)));
      return all;
    }
    Map<String, Tensor> some = new LinkedHashMap<>();
    batch.columns().forEach((name, column) -> some.put(name, part.take(column)));
    model.apply(some).forEach((name, tensor) -> all.put(name, merge(name, tensor, part, passing)));
    return all;
  }

  private Map<String, Tensor> passing() {
    Map<String, Tensor> passing = division.passing().block(index);
    passing.putAll(division.asked().otherwise());
    return passing;
  }

  private static Tensor merge(
      String name, Tensor answered, RowRoute part, Map<String, Tensor> passing) {
    Tensor other = passing(name, passing);
    try {
      return part.merge(answered, other);
    } catch (IllegalArgumentException unlike) {
      throw unlike(name, answered.toString(), other);
    }
  }

  private static Tensor passing(String name, Map<String, Tensor> passing) {
    Tensor other = passing.get(name);
    if (other == null) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "output " + name + ": rows that pass the step by have nothing there");
    }
    return other;
  }

  private static DimException unlike(String name, String answered, Tensor other) {
    return new DimException(
        ErrorCode.INVALID_DATA,
        "output %s: is %s, and %s for rows that pass the step by".formatted(name, answered, other));
  }

  private static Tensor none(Tensor like) {
    long[] shape = like.shape();
    shape[0] = 0;
    return Tensor.wrap(like.dataType(), shape, ByteBuffer.allocate(0));
  }
}
