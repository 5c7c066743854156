package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.TaskInput.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Columns of rows that stay, by the names that a task has for them; all are of the same rows.
 * Immutable.
 */
final class KeptColumns {
  private final Map<String, Source> sources;

  private record Source(RowSet rows, String tensor) {
    Tensor whole() {
      return Tensor.concat(
          rows.blocks().stream().map(block -> block.columns().get(tensor)).toList());
    }
  }

  private KeptColumns(Map<String, Source> sources) {
    this.sources = sources;
  }

  /**
   * The columns that a task means.
   *
   * @param find the rows under a handle
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if there is no such column
   */
  static KeptColumns of(Map<String, Column> columns, Function<String, RowSet> find) {
    Map<String, Source> sources = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          RowSet rows = find.apply(column.handle());
          boolean exists =
              rows.blocks().stream().allMatch(b -> b.columns().containsKey(column.tensor()));
          if (!exists) {
            throw new DimException(
                ErrorCode.INVALID_DATA, "rows: have no tensor " + column.tensor());
          }
          sources.put(name, new Source(rows, column.tensor()));
        });
    return new KeptColumns(sources);
  }

  /** The sets that the columns are of. */
  Collection<RowSet> sets() {
    return sources.values().stream().map(Source::rows).distinct().toList();
  }

  /** The columns over all rows. */
  Map<String, Tensor> whole() {
    Map<String, Tensor> whole = new LinkedHashMap<>();
    sources.forEach((name, source) -> whole.put(name, source.whole()));
    return whole;
  }

  /** The columns of a block. */
  Map<String, Tensor> block(int index) {
    Map<String, Tensor> block = new LinkedHashMap<>();
    sources.forEach(
        (name, source) ->
            block.put(name, source.rows().blocks().get(index).columns().get(source.tensor())));
    return block;
  }

  /** The columns block by block, with the names and truth of the rows in {@code base}. */
  Batches batches(RowSet base) {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < base.blocks().size(); i++) {
      Batch block = base.blocks().get(i);
      batches.add(new Batch(block.rows(), block(i), block.label(), block.rowIds()));
    }
    Iterator<Batch> rest = batches.iterator();
    return new Batches() {
      @Override
      public Optional<Batch> next() {
        return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
      }

      @Override
      public void close() {
        // Nothing is open: the rows stay in memory.
      }
    };
  }
}
