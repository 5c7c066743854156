package io.powernode.dim.spi;

import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A pattern that another one runs as a part of itself.
 *
 * @param spec what is asked of it
 * @param inputData what it finds as the job's input data
 * @param timeout how long its tasks may take altogether, each time that they are run or waited for:
 *     the time of a review does not count, and after it, or when another orchestrator takes the job
 *     over, time begins anew; what is left of the time around it if empty; above 0
 */
public record Block(PatternSpec spec, Map<String, Tensor> inputData, Optional<Duration> timeout) {
  public Block {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(timeout, "timeout");
    inputData = Collections.unmodifiableMap(new LinkedHashMap<>(inputData));
  }

  /** A block without a time limit of its own. */
  public static Block of(PatternSpec spec, Map<String, Tensor> inputData) {
    return new Block(spec, inputData, Optional.empty());
  }
}
