/** The dim command line: wires the default parts together. */
@NullMarked
package io.powernode.dim.server;

import org.jspecify.annotations.NullMarked;
