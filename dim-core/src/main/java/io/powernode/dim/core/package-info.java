/**
 * The orchestrator: job lifecycle, journal, registries, selection, retries and in-process
 * transport.
 */
@NullMarked
package io.powernode.dim.core;

import org.jspecify.annotations.NullMarked;
