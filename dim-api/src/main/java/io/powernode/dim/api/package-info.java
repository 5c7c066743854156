/**
 * What a host application uses: job specifications, results, and the {@link
 * io.powernode.dim.api.Orchestrator} facade. Every value here is immutable and safe to share
 * between threads.
 */
@NullMarked
package io.powernode.dim.api;

import org.jspecify.annotations.NullMarked;
