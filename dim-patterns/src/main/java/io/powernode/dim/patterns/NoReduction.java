package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code none}: the model's outputs as they are, one entry a row, and {@code row_ids} BYTES [n]. An
 * output without an entry for each row, or called {@code row_ids}, is refused with {@link
 * io.powernode.dim.api.ErrorCode#INVALID_DATA}. Merging puts one node's rows below the other's.
 * Thread-safe.
 */
public final class NoReduction implements Reduction {
  static final String NAME = "none";

  /** For the service loader. */
  public NoReduction() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean rowLevel() {
    return true;
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new RowsReducer();
  }

  @Override
  public Partial merge(List<Partial> partials) {
    return RowPartials.merge(partials);
  }

  private static final class RowsReducer implements Reducer {
    private final RowBuffer buffer = new RowBuffer();
    private long rows;

    @Override
    public void accept(Batch batch, Map<String, Tensor> outputs) {
      if (outputs.containsKey(RowPartials.ROW_IDS)) {
        throw Tensors.invalid(RowPartials.ROW_IDS, "has the name of the rows' ids");
      }
      outputs.forEach((name, tensor) -> Tensors.rowShape(name, tensor, batch.rows()));
      Map<String, Tensor> block = new LinkedHashMap<>();
      block.put(RowPartials.ROW_IDS, batch.rowIds());
      block.putAll(outputs);
      buffer.add(block);
      rows += batch.rows();
    }

    @Override
    public Partial finish() {
      return new Partial(buffer.tensors(), rows);
    }
  }
}
