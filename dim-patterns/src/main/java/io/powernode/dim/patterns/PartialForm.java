package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Partial;
import java.util.Optional;

/**
 * A reduction that knows what its partials look like, so that a node's answer can be refused before
 * anything is computed with it. A reduction that is none of these is checked for finite numbers and
 * against the other nodes' answers only.
 */
interface PartialForm {
  /**
   * What is wrong with a partial that is said to come from this model; empty if nothing is.
   *
   * @param spec what the node was asked for
   */
  Optional<String> problem(Partial partial, ModelDescriptor model, ReductionSpec spec);
}
