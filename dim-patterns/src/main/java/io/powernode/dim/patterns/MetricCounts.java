package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The counts behind a classifier's metrics, in the form of a partial and as numbers.
 *
 * @param labels the classes
 * @param confusion [k,k] row-major, rows true
 * @param logLossSum in nats; empty without probabilities
 * @param negatives rows of the first class by bin; empty without probabilities of two classes
 * @param positives rows of the second class by bin
 */
record MetricCounts(
    List<String> labels,
    long[] confusion,
    Optional<Double> logLossSum,
    long[] negatives,
    long[] positives) {
  private static final String LABELS = "labels";
  private static final String CONFUSION = "confusion";
  private static final String LOG_LOSS = "log_loss_sum";
  private static final String NEGATIVES = "auc_negatives";
  private static final String POSITIVES = "auc_positives";

  static MetricCounts of(Partial partial) {
    problem(partial, List.of())
        .ifPresent(
            problem -> {
              throw new DimException(ErrorCode.INVALID_DATA, "metrics: " + problem);
            });
    Map<String, Tensor> values = partial.values();
    return new MetricCounts(
        Lookup.in(values, LABELS).strings(),
        longs(Lookup.in(values, CONFUSION)),
        Optional.ofNullable(values.get(LOG_LOSS)).map(sum -> sum.toDoubles()[0]),
        values.containsKey(NEGATIVES) ? longs(Lookup.in(values, NEGATIVES)) : new long[0],
        values.containsKey(POSITIVES) ? longs(Lookup.in(values, POSITIVES)) : new long[0]);
  }

  /**
   * Why a partial cannot be one of metrics of the classes {@code declared}; of any, if none are.
   */
  static Optional<String> problem(Partial partial, List<String> declared) {
    Map<String, Tensor> values = partial.values();
    if (!has(values, LABELS, DataType.BYTES, -1) || Lookup.in(values, LABELS).elements() < 2) {
      return Optional.of("its classes are missing");
    }
    int k = Lookup.in(values, LABELS).elements();
    if (!declared.isEmpty() && !Lookup.in(values, LABELS).strings().equals(declared)) {
      return Optional.of("its classes are not those of the model or the job");
    }
    if (!has(values, CONFUSION, DataType.INT64, k, k)
        || !sumsTo(partial.samples(), Lookup.in(values, CONFUSION))) {
      return Optional.of("its confusion matrix does not count its samples");
    }
    boolean histograms = values.containsKey(NEGATIVES) || values.containsKey(POSITIVES);
    if (histograms && !histogramsFit(values)) {
      return Optional.of("its histograms do not count its samples");
    }
    if (values.containsKey(LOG_LOSS) && !logLossFits(Lookup.in(values, LOG_LOSS))) {
      return Optional.of("its log loss is not a number of 0 or more");
    }
    int expected = 2 + (values.containsKey(LOG_LOSS) ? 1 : 0) + (histograms ? 2 : 0);
    boolean complete = values.size() == expected;
    boolean paired = histograms == (values.containsKey(LOG_LOSS) && k == 2);
    return complete && paired ? Optional.empty() : Optional.of("its tensors are not of metrics");
  }

  /** How many classes a partial has; 0 if it has no list of them. */
  static int classes(Partial partial) {
    Tensor labels = partial.values().get(LABELS);
    return labels == null ? 0 : labels.elements();
  }

  MetricCounts plus(MetricCounts other) {
    if (!labels.equals(other.labels) || logLossSum.isPresent() != other.logLossSum.isPresent()) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "metrics: the nodes' classes differ, or only some have probabilities");
    }
    return new MetricCounts(
        labels,
        sum(confusion, other.confusion),
        logLossSum.map(sum -> sum + other.logLossSum.orElseThrow()),
        sum(negatives, other.negatives),
        sum(positives, other.positives));
  }

  Partial toPartial() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    values.put(LABELS, Tensor.ofStrings(labels));
    values.put(CONFUSION, Tensor.ofLongs(confusion, labels.size(), labels.size()));
    logLossSum.ifPresent(sum -> values.put(LOG_LOSS, Tensor.ofDoubles(new double[] {sum})));
    if (negatives.length > 0) {
      values.put(NEGATIVES, Tensor.ofLongs(negatives));
      values.put(POSITIVES, Tensor.ofLongs(positives));
    }
    return new Partial(values, samples());
  }

  Metrics metrics() {
    int k = labels.size();
    List<List<Long>> matrix =
        IntStream.range(0, k)
            .mapToObj(i -> LongStream.of(confusion).skip((long) i * k).limit(k).boxed().toList())
            .toList();
    long hits = IntStream.range(0, k).mapToLong(i -> confusion[i * k + i]).sum();
    return new Metrics(
        labels,
        matrix,
        hits / (double) samples(),
        logLossSum.map(sum -> sum / samples()),
        auc(),
        samples());
  }

  private long samples() {
    return LongStream.of(confusion).sum();
  }

  /** The share of pairs of one row of each class that the probability puts in the right order. */
  private Optional<Double> auc() {
    double pairs = (double) LongStream.of(negatives).sum() * LongStream.of(positives).sum();
    if (pairs == 0) {
      return Optional.empty();
    }
    long below = 0;
    double ordered = 0;
    for (int bin = 0; bin < negatives.length; bin++) {
      ordered += positives[bin] * (below + 0.5 * negatives[bin]);
      below += negatives[bin];
    }
    return Optional.of(ordered / pairs);
  }

  private static boolean histogramsFit(Map<String, Tensor> values) {
    if (!has(values, NEGATIVES, DataType.INT64, MetricsReduction.AUC_BINS)
        || !has(values, POSITIVES, DataType.INT64, MetricsReduction.AUC_BINS)) {
      return false;
    }
    long[] confusion = longs(Lookup.in(values, CONFUSION));
    return confusion.length == 4
        && sumsTo(confusion[0] + confusion[1], Lookup.in(values, NEGATIVES))
        && sumsTo(confusion[2] + confusion[3], Lookup.in(values, POSITIVES));
  }

  private static boolean logLossFits(Tensor sum) {
    return sum.dataType() == DataType.FP64
        && Arrays.equals(sum.shape(), new long[] {1})
        && sum.toDoubles()[0] >= 0
        && Double.isFinite(sum.toDoubles()[0]);
  }

  private static boolean has(
      Map<String, Tensor> values, String name, DataType type, long... shape) {
    Tensor tensor = values.get(name);
    return tensor != null
        && tensor.dataType() == type
        && tensor.rank() == shape.length
        && (shape[0] < 0 || Arrays.equals(tensor.shape(), shape));
  }

  private static boolean sumsTo(long total, Tensor counts) {
    long left = total;
    for (long count : longs(counts)) {
      if (count < 0 || count > left) {
        return false;
      }
      left -= count;
    }
    return left == 0;
  }

  private static long[] longs(Tensor tensor) {
    long[] values = new long[tensor.elements()];
    tensor.longs().get(values);
    return values;
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = new long[a.length];
    Arrays.setAll(sum, i -> Math.addExact(a[i], b[i]));
    return sum;
  }
}
