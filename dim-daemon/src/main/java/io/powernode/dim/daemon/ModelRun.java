package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.daemon.ReleaseGate.Release;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Runs a model over the rows of a cabinet or over given tensors.
 *
 * @param models where the loaded model is
 * @param descriptor which model
 */
record ModelRun(ModelCache models, ModelDescriptor descriptor) {

  /**
   * Rows in batches through the model to a reducer; answers how many there were.
   *
   * @param readsOutputs whether the reducer wants the model's outputs at all
   */
  long onRows(OpenRows rows, boolean readsOutputs, Reducer reducer, Cancellation cancellation) {
    try (ModelCache.Lease lease = models.acquire(descriptor)) {
      Model model = lease.model();
      InputBinding binding =
          InputBinding.of(model.signature(), descriptor).withParameters(rows.parameters());
      UnaryOperator<Map<String, Tensor>> inference =
          columns -> infer(model, binding.bind(columns), cancellation);
      rows.divider().ifPresent(divider -> divider.require(model.signature().outputs()));
      long count = 0;
      Optional<Batch> next = rows.batches().next();
      while (next.isPresent()) {
        Batch batch = next.get();
        requireGoing(cancellation);
        reducer.accept(batch, readsOutputs ? outputs(rows, batch, inference) : Map.of());
        count += batch.rows();
        next = rows.batches().next();
      }
      return count;
    }
  }

  private static Map<String, Tensor> outputs(
      OpenRows rows, Batch batch, UnaryOperator<Map<String, Tensor>> inference) {
    return rows.divider().isPresent()
        ? rows.divider().get().next(batch, inference)
        : inference.apply(batch.columns());
  }

  /** The model once over all that was given, and a reduction if one is asked for. */
  Release onTensors(TensorWork work, Cancellation cancellation) {
    try (ModelCache.Lease lease = models.acquire(descriptor)) {
      Model model = lease.model();
      Map<String, Tensor> inputs = bind(model, work);
      return release(work, inputs, infer(model, inputs, cancellation));
    }
  }

  /** The same for several at once; if anything is wrong with one of them, all fail. */
  List<Release> onTensors(List<TensorWork> works) {
    try (ModelCache.Lease lease = models.acquire(descriptor)) {
      Model model = lease.model();
      List<Map<String, Tensor>> inputs = works.stream().map(work -> bind(model, work)).toList();
      List<Map<String, Tensor>> outputs = model.inferAll(inputs, Cancellation.none());
      return IntStream.range(0, works.size())
          .mapToObj(i -> release(works.get(i), inputs.get(i), outputs.get(i)))
          .toList();
    }
  }

  /** How many tasks it pays to run together; 1 while that is not known. */
  int togetherAtMost() {
    return models.jointRows(descriptor);
  }

  private Map<String, Tensor> bind(Model model, TensorWork work) {
    return InputBinding.of(model.signature(), descriptor).bind(work.tensors());
  }

  private Release release(
      TensorWork work, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    int rows = rows(inputs);
    if (work.reducing().isEmpty()) {
      return ReleaseGate.ofRequest(outputs, rows);
    }
    Reducer reducer = work.reducing().get().start(descriptor);
    if (rows > 0) {
      reducer.accept(new Batch(rows, work.tensors(), Optional.empty(), rowIds(rows)), outputs);
    }
    Partial partial = reducer.finish();
    return ReleaseGate.ofRequest(partial.values(), partial.samples());
  }

  private static Map<String, Tensor> infer(
      Model model, Map<String, Tensor> inputs, Cancellation cancellation) {
    requireGoing(cancellation);
    try {
      return model.infer(inputs, cancellation);
    } catch (DimException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DimException(ErrorInfo.of(ErrorCode.INFERENCE_FAILED, "the model failed"), e);
    }
  }

  private static void requireGoing(Cancellation cancellation) {
    if (cancellation.isCancelled()) {
      throw new DimException(ErrorCode.CANCELLED, "the task was cancelled");
    }
  }

  /** How many rows were given: the first dimension, by the convention of all batched models. */
  private static int rows(Map<String, Tensor> inputs) {
    return inputs.values().stream()
        .filter(input -> input.rank() > 0)
        .findFirst()
        .map(input -> (int) input.dimension(0))
        .orElse(1);
  }

  /** The rows of a request have no ids but their places in it. */
  private static Tensor rowIds(int rows) {
    return Tensor.ofStrings(IntStream.rangeClosed(1, rows).mapToObj(row -> "r" + row).toList());
  }
}
