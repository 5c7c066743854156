/** Examples: one file, one question. */
@NullMarked
package io.powernode.dim.examples;

import org.jspecify.annotations.NullMarked;
