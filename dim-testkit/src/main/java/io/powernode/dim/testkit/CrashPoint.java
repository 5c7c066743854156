package io.powernode.dim.testkit;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import java.util.concurrent.CompletionStage;

/**
 * When an orchestrator is killed: as it hands in a commit, which is lost, or as it hears that the
 * commit is durable.
 *
 * @param commit the number of the commit, from 1
 * @param durable whether that commit is durable
 */
record CrashPoint(int commit, boolean durable) {
  static final CrashPoint NEVER = new CrashPoint(0, false);

  @Override
  public String toString() {
    return (durable ? "after" : "before") + " commit " + commit;
  }

  /** Counts the commits of a process, and kills it at its crash point. */
  static final class Store extends ForwardingStore {
    private final SimulatedProcess process;
    private final CrashPoint point;
    private volatile int commits;

    Store(StateStore store, SimulatedProcess process, CrashPoint point) {
      super(store);
      this.process = process;
      this.point = point;
    }

    int commits() {
      return commits;
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
      commits++;
      if (commits != point.commit()) {
        return super.commit(commit);
      }
      if (point.durable()) {
        super.commit(commit);
      }
      process.kill();
      throw new IllegalStateException("a killed process goes on");
    }
  }
}
