package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts a classifier's hits and misses batch by batch. */
final class MetricsReducer implements Reducer {
  private static final double LEAST_PROBABILITY = 1e-15;

  private final VoteReader reader;
  private final boolean wantsProbabilities;
  private Optional<Counting> counting = Optional.empty();

  MetricsReducer(VoteReader reader, boolean wantsProbabilities) {
    this.reader = reader;
    this.wantsProbabilities = wantsProbabilities;
  }

  @Override
  public void accept(Batch batch, Map<String, Tensor> outputs) {
    List<String> truths = TrueClasses.column(batch, "metrics");
    RowVotes votes = reader.read(outputs, batch.rows());
    if (votes.classes().size() < 2) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "model: declares no classes, which the reduction metrics needs; allowed: labels in the"
              + " model's descriptor or in the reduction");
    }
    Optional<double[]> probabilities = wantsProbabilities ? probabilities(votes) : Optional.empty();
    if (counting.isEmpty()) {
      counting = Optional.of(new Counting(votes.classes(), probabilities.isPresent()));
    }
    counting.get().add(truths, votes.labels(), probabilities);
  }

  private static Optional<double[]> probabilities(RowVotes votes) {
    if (votes.scores().isPresent() && votes.probabilities().isEmpty()) {
      throw Tensors.invalid(
          votes.scores().get(),
          "is no probability; allowed: 0 to 1, summing to 1, or the option probabilities false");
    }
    return votes.probabilities();
  }

  @Override
  public Partial finish() {
    return counting.map(c -> c.counts().toPartial()).orElse(new Partial(Map.of(), 0));
  }

  private static final class Counting {
    private final List<String> labels;
    private final TrueClasses trueClasses;
    private final Map<String, Integer> indexes;
    private final long[] confusion;
    private final CompensatedSums logLoss = new CompensatedSums(1);
    private final boolean probabilistic;
    private final long[] negatives;
    private final long[] positives;

    Counting(List<String> labels, boolean probabilistic) {
      this.labels = labels;
      this.trueClasses = new TrueClasses(labels);
      this.probabilistic = probabilistic;
      indexes = Positions.of(labels);
      confusion = new long[labels.size() * labels.size()];
      int bins = probabilistic && labels.size() == 2 ? MetricsReduction.AUC_BINS : 0;
      negatives = new long[bins];
      positives = new long[bins];
    }

    void add(List<String> truths, List<String> predictions, Optional<double[]> probabilities) {
      for (int row = 0; row < predictions.size(); row++) {
        int truth = trueClasses.indexOf(truths.get(row));
        Integer prediction = indexes.get(predictions.get(row));
        if (prediction == null) {
          throw new DimException(
              ErrorCode.INVALID_DATA, "model: gives a row no class, so that it cannot be counted");
        }
        confusion[truth * labels.size() + prediction]++;
        if (probabilities.isPresent()) {
          add(probabilities.get(), row, truth);
        }
      }
    }

    private void add(double[] probabilities, int row, int truth) {
      double likelihood = probabilities[row * labels.size() + truth];
      double clipped = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, likelihood));
      logLoss.add(0, -Math.log(clipped));
      if (labels.size() == 2) {
        int bins = MetricsReduction.AUC_BINS;
        int bin = Math.min(bins - 1, (int) (probabilities[row * 2 + 1] * bins));
        (truth == 1 ? positives : negatives)[bin]++;
      }
    }

    MetricCounts counts() {
      return new MetricCounts(
          labels,
          confusion,
          probabilistic ? Optional.of(logLoss.get(0)) : Optional.empty(),
          negatives,
          positives);
    }
  }
}
