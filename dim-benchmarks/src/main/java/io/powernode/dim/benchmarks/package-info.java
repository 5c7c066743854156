/** What DIM costs, measured beside other people's libraries and plain loops. */
@NullMarked
package io.powernode.dim.benchmarks;

import org.jspecify.annotations.NullMarked;
