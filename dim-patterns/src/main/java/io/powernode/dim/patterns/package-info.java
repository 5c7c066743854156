/** The inference patterns with their consensus rules, aggregators and reductions. */
@NullMarked
package io.powernode.dim.patterns;

import org.jspecify.annotations.NullMarked;
