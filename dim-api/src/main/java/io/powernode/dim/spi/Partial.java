package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a local reduction made of some rows.
 *
 * @param values named tensors, whose meaning is the reduction's
 * @param samples how many rows, 0 or more
 */
public record Partial(Map<String, Tensor> values, long samples) {
  public Partial {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
