package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import java.util.Map;

/**
 * Decides conditions where the rows are, so that none of them has to leave the node for that. Found
 * on the node by {@link java.util.ServiceLoader}, or handed to its builder. Thread-safe.
 */
public interface ConditionLanguage extends Named {
  /**
   * Whether a condition holds of all rows together.
   *
   * @param tensors by the names that the condition has for them, with an entry for each row
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if it does not fit them, or is none
   */
  boolean holds(String condition, Map<String, Tensor> tensors);

  /**
   * For which rows a condition holds.
   *
   * @param tensors by the names that the condition has for them, with an entry for each row
   * @param rows how many there are, 0 or more
   * @throws io.powernode.dim.api.DimException with {@link
   *     io.powernode.dim.api.ErrorCode#INVALID_DATA} if it does not fit them, or is none
   */
  RowRoute route(String condition, Map<String, Tensor> tensors, int rows);
}
