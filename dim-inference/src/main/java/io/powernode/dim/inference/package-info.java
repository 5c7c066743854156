/** Model loaders. */
@NullMarked
package io.powernode.dim.inference;

import org.jspecify.annotations.NullMarked;
