package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import io.powernode.dim.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A model whose runs take as long as a test says, on the test's own clock. */
final class TimedModel implements Model {
  static final Signature SIGNATURE =
      new Signature(
          List.of(TensorSpec.of("x", DataType.FP32, -1, 2)),
          List.of(TensorSpec.of("y", DataType.FP32, -1, 2)));

  final SettableClock clock = new SettableClock();
  final List<Long> runs = new ArrayList<>();
  Signature signature = SIGNATURE;
  Duration perRun = Duration.ofNanos(20_000);
  Duration perRow = Duration.ofNanos(1_000);
  UnaryOperator<Tensor> function = x -> x;
  boolean closed;

  MicroBatching batching(int maxRows) {
    return new MicroBatching(clock::nanoTime, maxRows, trial -> {});
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
    Tensor x = inputs.get("x");
    runs.add(x.dimension(0));
    clock.advance(perRun.plus(perRow.multipliedBy(x.dimension(0))));
    return Map.of("y", function.apply(x));
  }

  @Override
  public void close() {
    closed = true;
  }
}
