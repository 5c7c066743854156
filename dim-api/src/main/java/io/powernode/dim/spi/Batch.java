package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Some rows of a cabinet, column by column.
 *
 * @param rows how many, 1 or more
 * @param columns the columns that models may read: one tensor of shape [rows] each
 * @param label the truth, BYTES of shape [rows], if the cabinet has it
 * @param rowIds pseudonymous ids, BYTES of shape [rows], unique in the cabinet
 */
public record Batch(int rows, Map<String, Tensor> columns, Optional<Tensor> label, Tensor rowIds) {
  public Batch {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }
}
