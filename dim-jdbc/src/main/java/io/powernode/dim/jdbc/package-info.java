/**
 * The durable state store on a relational database: SQLite for one orchestrator, PostgreSQL for
 * several that share their jobs. One core, two dialects.
 */
@NullMarked
package io.powernode.dim.jdbc;

import org.jspecify.annotations.NullMarked;
