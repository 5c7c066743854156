package io.powernode.dim.daemon;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sum of all "score" values, with what the reduction claims about itself for a test to choose.
 */
record FakeReduction(String name, boolean rowLevel, int extraSamples) implements Reduction {
  static FakeReduction total() {
    return new FakeReduction("total", false, 0);
  }

  static FakeReduction rows() {
    return new FakeReduction("rows", true, 0);
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new Reducer() {
      private double sum;
      private long samples;
      private final List<String> ids = new ArrayList<>();

      @Override
      public void accept(Batch batch, Map<String, Tensor> outputs) {
        for (double score : outputs.get("score").toDoubles()) {
          sum += score;
        }
        samples += batch.rows();
        ids.addAll(batch.rowIds().strings());
      }

      @Override
      public Partial finish() {
        Map<String, Tensor> values =
            rowLevel ? Map.of("ids", Tensor.ofStrings(ids)) : Map.of("total", Tensor.scalar(sum));
        return new Partial(values, samples + extraSamples);
      }
    };
  }

  @Override
  public Partial merge(List<Partial> partials) {
    throw new UnsupportedOperationException("nodes do not merge");
  }
}
