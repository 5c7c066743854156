package io.powernode.dim.daemon;

import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.daemon.ReleaseGate.Request;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.function.Supplier;

/**
 * A model over rows of the node's own: a cabinet's, or such that stayed.
 *
 * @param run which model
 * @param source opens the rows
 * @param request what is to be made of them, and for whom
 * @param kept where rows stay
 * @param jobId whose rows they are then
 */
record RowWork(
    ModelRun run, Supplier<OpenRows> source, Request request, KeptRows kept, String jobId)
    implements Admission.Work {

  @Override
  public Release run(Cancellation cancellation) {
    try (OpenRows rows = source.get()) {
      return request.reducing().isPresent()
          ? reduced(rows, request.reducing().get(), cancellation)
          : stayed(rows, cancellation);
    }
  }

  private Release reduced(OpenRows rows, Reducing reducing, Cancellation cancellation) {
    Reducer reducer = reducing.start(run.descriptor());
    boolean readsOutputs = reducing.reduction().readsOutputs();
    long count = run.onRows(rows, readsOutputs, reducer, cancellation);
    long least = rows.groups().map(groups -> (long) groups.least()).orElse(count);
    return ReleaseGate.ofReduction(request, count, least, reducer.finish())
        .routed(request, rows.route());
  }

  private Release stayed(OpenRows rows, Cancellation cancellation) {
    try (RowKeeper keeper = new RowKeeper(kept)) {
      long count = run.onRows(rows, true, keeper, cancellation);
      RowGroups groups = rows.groups().orElseGet(() -> RowGroups.one(Math.toIntExact(count)));
      RowSet set = keeper.rows(request.owners(), groups);
      return ReleaseGate.ofKept(request, set, kept.salt(), () -> keeper.keep(jobId, set))
          .routed(request, rows.route());
    }
  }
}
