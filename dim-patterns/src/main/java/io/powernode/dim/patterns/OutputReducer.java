package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reduces every numeric output of a model on its own, in memory that the rows do not enlarge. */
final class OutputReducer implements Reducer {
  private final String reduction;
  private final Start start;
  private final Map<String, Running> outputs = new LinkedHashMap<>();
  private long rows;

  OutputReducer(String reduction, Start start) {
    this.reduction = reduction;
    this.start = start;
  }

  /** What becomes of one output. */
  interface Accumulator {
    /**
     * Takes the numbers of some rows.
     *
     * @param values row-major, as many for each row
     */
    void add(double[] values);

    /** What was made of so many rows. */
    Tensor tensor(long rows);
  }

  /** Starts accumulating an output. */
  interface Start {
    /**
     * Starts.
     *
     * @param output the output's name
     * @param shape of one row; [1] for a single number
     */
    Accumulator output(String output, long[] shape);
  }

  private record Running(long[] rowShape, Accumulator accumulator) {}

  @Override
  public void accept(Batch batch, Map<String, Tensor> batchOutputs) {
    batchOutputs.forEach((name, tensor) -> require(name, tensor, batch.rows()));
    if (rows > 0 && !batchOutputs.keySet().equals(outputs.keySet())) {
      throw Tensors.invalid(batchOutputs.keySet().toString(), "are other outputs than before");
    }
    batchOutputs.forEach(
        (name, tensor) -> Lookup.in(outputs, name).accumulator().add(tensor.toDoubles()));
    rows += batch.rows();
  }

  /** One number a row is told as shape [1], so that [n] and [n,1] give the same. */
  private void require(String name, Tensor tensor, int batchRows) {
    long[] shape = Tensors.rowShape(name, tensor, batchRows);
    if (Tensors.isText(tensor)) {
      throw Tensors.invalid(name, "is text; the reduction " + reduction + " needs numbers");
    }
    Running running = outputs.get(name);
    if (running == null && rows == 0) {
      long[] told = shape.length == 0 ? new long[] {1} : shape;
      outputs.put(name, new Running(shape, start.output(name, told)));
    } else if (running != null && !Arrays.equals(running.rowShape(), shape)) {
      throw Tensors.invalid(name, "changes its shape between batches");
    }
  }

  @Override
  public Partial finish() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    outputs.forEach((name, running) -> values.put(name, running.accumulator().tensor(rows)));
    return new Partial(values, rows);
  }
}
