/**
 * For implementers of the extension points: contract tests, fakes, a seeded simulation, and the
 * harness that kills an orchestrator at every commit.
 */
@NullMarked
package io.powernode.dim.testkit;

import org.jspecify.annotations.NullMarked;
