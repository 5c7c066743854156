package io.powernode.dim.core;

/** Where a host begins. */
public final class Dim {
  private Dim() {}

  /**
   * An orchestrator in this process: by default with a state store in memory, an in-process
   * transport, and every plugin on the class path.
   */
  public static OrchestratorBuilder orchestrator() {
    return new OrchestratorBuilder();
  }
}
