package io.powernode.dim.daemon;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.RowRoute;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that a model is about to run over, once.
 *
 * @param batches the rows
 * @param parameters inputs of the model that are the same for all rows
 * @param groups which rows the job could tell apart; empty if it could none
 * @param route which rows go through the model; empty for all
 * @param divider that sees to it; there if the route is
 */
record OpenRows(
    Batches batches,
    Map<String, Tensor> parameters,
    Optional<RowGroups> groups,
    Optional<RowRoute> route,
    Optional<Divider> divider)
    implements AutoCloseable {

  /** All rows of a cabinet. */
  static OpenRows of(Batches batches, Map<String, Tensor> parameters) {
    return new OpenRows(batches, parameters, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public void close() {
    batches.close();
  }
}
