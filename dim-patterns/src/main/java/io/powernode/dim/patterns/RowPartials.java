package io.powernode.dim.patterns;

import io.powernode.dim.spi.Partial;
import java.util.List;

/** The partials of row-level reductions: named tensors with an entry for each row. */
final class RowPartials {
  /** The pseudonymous ids of the rows, BYTES [n]. */
  static final String ROW_IDS = "row_ids";

  private RowPartials() {}

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
