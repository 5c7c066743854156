package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The partials of row-level reductions: named tensors with an entry for each row. */
final class RowPartials {
  /** The pseudonymous ids of the rows, BYTES [n]. */
  static final String ROW_IDS = "row_ids";

  private RowPartials() {}

  /**
   * The rows that a partial is about.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if there are none, or one twice
   */
  static List<String> rows(Map<String, Tensor> partial) {
    List<String> rows = texts(partial, ROW_IDS);
    require(new HashSet<>(rows).size() == rows.size(), "repeat a row");
    require(!rows.isEmpty(), "are about no rows");
    return rows;
  }

  /** The texts under a name, one for each row. */
  static List<String> texts(Map<String, Tensor> partial, String name) {
    Tensor tensor = partial.get(name);
    require(
        tensor != null && tensor.dataType() == DataType.BYTES && tensor.rank() == 1,
        "have no " + name + " of texts");
    return Objects.requireNonNull(tensor).strings();
  }

  /** What a job's own rows are called. */
  static List<String> numbered(int rows) {
    return IntStream.rangeClosed(1, rows).mapToObj(row -> "r" + row).toList();
  }

  /** Refuses a model's answer for rows. */
  static void require(boolean holds, String problem) {
    if (!holds) {
      throw new DimException(ErrorCode.INVALID_DATA, "votes: " + problem);
    }
  }

  /** The rows of all partials, one node's below the other's. */
  static Partial merge(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    if (some.isEmpty()) {
      return partials.get(0);
    }
    RowBuffer rows = new RowBuffer();
    some.forEach(partial -> rows.add(partial.values()));
    return new Partial(rows.tensors(), Partials.samples(some));
  }
}
