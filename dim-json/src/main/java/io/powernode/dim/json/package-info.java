/** The JSON form of job specs, tensors, results and records. */
@NullMarked
package io.powernode.dim.json;

import org.jspecify.annotations.NullMarked;
