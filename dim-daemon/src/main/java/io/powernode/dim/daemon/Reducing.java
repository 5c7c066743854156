package io.powernode.dim.daemon;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Reduction;

/**
 * A reduction and what the task asks of it.
 *
 * @param reduction the method
 * @param spec its options, validated
 */
record Reducing(Reduction reduction, ReductionSpec spec) {
  Reduction.Reducer start(ModelDescriptor model) {
    return reduction.start(model, spec);
  }
}
