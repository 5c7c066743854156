package io.powernode.dim.patterns;

import io.powernode.dim.testkit.EngineCrashHarness;

/** Tests of engines on the real orchestrator, on a store of the subclass's choice. */
public abstract class OrchestratedSuite {
  /** On a disk, every fourth commit is enough of a sample for a suite that everybody waits for. */
  protected static final int EVERY = Boolean.getBoolean("soak") ? 1 : 4;

  /** Sets the store, unless it is to be the harness's own in memory. */
  protected EngineCrashHarness onStore(EngineCrashHarness harness) {
    return harness;
  }
}
