package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Batches and partials for tests. */
final class Rows {
  private Rows() {}

  static Batch batch(int rows) {
    return batch(rows, 0, Optional.empty());
  }

  static Batch batch(int rows, int firstId, Optional<List<String>> labels) {
    return new Batch(
        rows,
        Map.of(),
        labels.map(Tensor::ofStrings),
        Tensor.ofStrings(
            IntStream.range(firstId, firstId + rows).mapToObj(i -> "id" + i).toList()));
  }

  /** One batch through a reduction. */
  static Partial reduce(
      Reduction reduction,
      ModelDescriptor model,
      ReductionSpec spec,
      int rows,
      Map<String, Tensor> outputs) {
    Reducer reducer = reduction.start(model, spec);
    reducer.accept(batch(rows), outputs);
    return reducer.finish();
  }

  static Partial partial(long samples, double... values) {
    return new Partial(Map.of("risk", Tensor.ofDoubles(values)), samples);
  }
}
