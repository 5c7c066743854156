package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.api.Reliability.Bin;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Counts how often labels are right by the confidence in them: what adds up over batches and nodes
 * to a {@link Reliability}. As a partial: {@code rows} and {@code hits} INT64 [{@value #BINS}],
 * {@code confidence_sums} FP64 [{@value #BINS}], {@code squared_errors} FP64 [1]. Not thread-safe.
 */
final class ReliabilityTally {
  /** How many bins confidences have: enough to see a bend, few enough to have rows in each. */
  static final int BINS = 10;

  private static final String ROWS = "rows";
  private static final String HITS = "hits";
  private static final String CONFIDENCES = "confidence_sums";
  private static final String SQUARES = "squared_errors";

  /** What rounding may do to a sum of confidences, as a share of its rows. */
  private static final double ROUNDING = 1e-9;

  private final long[] rows = new long[BINS];
  private final long[] hits = new long[BINS];
  private final CompensatedSums confidences = new CompensatedSums(BINS);
  private final CompensatedSums squares = new CompensatedSums(1);

  /**
   * The counts in a partial.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if they cannot be some
   */
  static ReliabilityTally of(Partial partial) {
    Map<String, Tensor> values = partial.values();
    require(
        values.size() == 4
            && has(values, ROWS, DataType.INT64, BINS)
            && has(values, HITS, DataType.INT64, BINS)
            && has(values, CONFIDENCES, DataType.FP64, BINS)
            && has(values, SQUARES, DataType.FP64, 1),
        "is of another form");
    ReliabilityTally tally = new ReliabilityTally();
    Lookup.in(values, ROWS).longs().get(tally.rows);
    Lookup.in(values, HITS).longs().get(tally.hits);
    long left = partial.samples();
    for (long count : tally.rows) {
      require(count >= 0 && count <= left, "does not count its rows");
      left -= count;
    }
    require(left == 0 && partial.samples() > 0, "does not count its rows");
    double[] sums = Lookup.in(values, CONFIDENCES).toDoubles();
    for (int bin = 0; bin < BINS; bin++) {
      long count = tally.rows[bin];
      require(tally.hits[bin] >= 0 && tally.hits[bin] <= count, "has more hits than rows");
      double slack = ROUNDING * count;
      require(
          sums[bin] >= count * from(bin) - slack && sums[bin] <= count * from(bin + 1) + slack,
          "has confidences outside of their bin");
      tally.confidences.add(bin, sums[bin]);
    }
    double squares = Lookup.in(values, SQUARES).toDoubles()[0];
    require(squares >= 0 && squares <= partial.samples(), "has errors above 1");
    tally.squares.add(0, squares);
    return tally;
  }

  private static boolean has(
      Map<String, Tensor> values, String name, DataType type, long elements) {
    Tensor tensor = values.get(name);
    return tensor != null
        && tensor.dataType() == type
        && Arrays.equals(tensor.shape(), new long[] {elements});
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new DimException(ErrorCode.INVALID_DATA, "calibration: the table " + problem);
    }
  }

  /** Where a bin begins; a product of the width would round differently than people read it. */
  private static double from(int bin) {
    return bin / (double) BINS;
  }

  /** Counts a row by the confidence in its label, 0..1. */
  void add(double confidence, boolean hit) {
    int bin = Math.min(BINS - 1, (int) (confidence * BINS));
    double error = confidence - (hit ? 1 : 0);
    rows[bin]++;
    hits[bin] += hit ? 1 : 0;
    confidences.add(bin, confidence);
    squares.add(0, error * error);
  }

  void add(ReliabilityTally other) {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin] = Math.addExact(rows[bin], other.rows[bin]);
      hits[bin] += other.hits[bin];
      confidences.add(bin, other.confidences.get(bin));
    }
    squares.add(0, other.squares.get(0));
  }

  Partial partial() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    values.put(ROWS, Tensor.ofLongs(rows));
    values.put(HITS, Tensor.ofLongs(hits));
    values.put(CONFIDENCES, Tensor.ofDoubles(sums()));
    values.put(SQUARES, Tensor.ofDoubles(new double[] {squares.get(0)}));
    return new Partial(values, count());
  }

  /** The table; only of one row or more. */
  Reliability reliability() {
    long count = count();
    List<Bin> bins = new ArrayList<>();
    double ece = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (rows[bin] > 0) {
        double confidence = share(confidences.get(bin), rows[bin]);
        double accuracy = share(hits[bin], rows[bin]);
        bins.add(new Bin(from(bin), from(bin + 1), rows[bin], confidence, accuracy));
        ece += rows[bin] / (double) count * Math.abs(accuracy - confidence);
      }
    }
    return new Reliability(
        count,
        share(LongStream.of(hits).sum(), count),
        share(DoubleStream.of(sums()).sum(), count),
        ece,
        share(squares.get(0), count),
        bins);
  }

  private double[] sums() {
    return IntStream.range(0, BINS).mapToDouble(confidences::get).toArray();
  }

  private static double share(double part, long whole) {
    return Math.min(1, part / whole);
  }

  private long count() {
    return LongStream.of(rows).sum();
  }
}
