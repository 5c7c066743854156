/** The PowerNode: runs models beside the data and lets only reductions leave. */
@NullMarked
package io.powernode.dim.daemon;

import org.jspecify.annotations.NullMarked;
