package io.powernode.dim.daemon;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.spi.Cancellation;
import java.util.Map;
import java.util.Optional;

/**
 * A model over tensors that the requester sent.
 *
 * @param run which model
 * @param tensors what was sent
 * @param reducing what may be made of the rows; empty for the model's own answer
 */
record TensorWork(ModelRun run, Map<String, Tensor> tensors, Optional<Reducing> reducing)
    implements Admission.Work {

  @Override
  public Release run(Cancellation cancellation) {
    return run.onTensors(this, cancellation);
  }

  /** Whether {@code other} is the same model over other tensors. */
  boolean isAlike(Admission.Work other) {
    return other instanceof TensorWork that && run.equals(that.run);
  }
}
