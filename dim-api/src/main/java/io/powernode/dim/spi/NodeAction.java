package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import java.util.Map;

/** An effect of the host's own, or the undoing of one. Thread-safe. */
public interface NodeAction extends Named {
  /**
   * Does it.
   *
   * @param input what the step gives it
   * @param idempotencyKey the same for every attempt: doing it under a key that was already done
   *     must change nothing and answer the same
   * @return what later steps may read
   * @throws io.powernode.dim.api.DimException with a code that says whether to try again; anything
   *     else counts as permanent
   */
  Map<String, Tensor> perform(Map<String, Tensor> input, String idempotencyKey);
}
