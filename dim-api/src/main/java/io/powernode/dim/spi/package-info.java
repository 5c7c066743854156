/**
 * What a plugin implements: pattern engines, aggregators, consensus rules, reductions, model
 * loaders, data cabinets, node actions, transports and stores. Engines, aggregators, consensus
 * rules and reductions are found by {@link java.util.ServiceLoader} or handed to a builder,
 * everything else is handed to a builder.
 */
@NullMarked
package io.powernode.dim.spi;

import org.jspecify.annotations.NullMarked;
