package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.BatchingTrial.Verdict;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Tries whether a model's rows may run together, and whether it pays. Of repeated measurements the
 * quickest counts: it says most where other work disturbs. Used once.
 */
final class TrialRun {
  private static final double ABSOLUTE = 1e-6;
  private static final double RELATIVE = 1e-5;
  private static final int COMPARED_ROWS = 8;
  private static final double LEAST_SPEEDUP = 1.3;

  /** A full run may not take longer. */
  private static final long MOST_NANOS = 1_000_000;

  /** Reading a row with more takes too long in itself. */
  private static final double MOST_ELEMENTS = 1 << 20;

  /** Enough for the compiler to have seen the code; fewer where the time is up. */
  private static final int MOST_ROUNDS = 100;

  /** However long it takes: on a busy machine, one measurement says nothing. */
  private static final int LEAST_ROUNDS = 10;

  private static final long ROUNDS_NANOS = 20_000_000;

  private final Model model;
  private final JointRun jointRun;
  private final LongSupplier clock;
  private final int maxRows;
  private boolean bitIdentical;
  private double speedup;

  TrialRun(Model model, JointRun jointRun, MicroBatching batching) {
    this.model = model;
    this.jointRun = jointRun;
    this.clock = batching.nanoTime();
    this.maxRows = batching.maxRows();
  }

  BatchingTrial judge(String modelId) {
    Verdict verdict;
    try {
      verdict = verdict();
    } catch (DimException e) {
      verdict = Verdict.TRIAL_FAILED;
    }
    return new BatchingTrial(modelId, verdict, speedup, bitIdentical);
  }

  private Verdict verdict() {
    if (!hasBatchDimension()) {
      return Verdict.NO_BATCH_DIMENSION;
    }
    if (TrialRows.elements(model.signature().inputs()) > MOST_ELEMENTS) {
      return Verdict.TOO_SLOW;
    }
    List<Map<String, Tensor>> rows = TrialRows.of(model.signature().inputs(), maxRows);
    if (isSlow(() -> infer(rows.get(0)))) {
      return Verdict.TOO_SLOW;
    }
    List<Map<String, Tensor>> alone = rows.stream().map(this::infer).toList();
    if (!areIndependent(rows, alone)) {
      return Verdict.ROWS_DEPEND;
    }
    measure(rows.subList(0, Math.min(COMPARED_ROWS, maxRows)));
    if (speedup < LEAST_SPEEDUP) {
      return Verdict.DOES_NOT_PAY;
    }
    return isSlow(() -> join(rows)) ? Verdict.TOO_SLOW : Verdict.PAYS;
  }

  private boolean hasBatchDimension() {
    List<TensorSpec> inputs = model.signature().inputs();
    List<TensorSpec> outputs = model.signature().outputs();
    return !inputs.isEmpty()
        && inputs.stream().allMatch(spec -> isOpen(spec) && openDimensions(spec) == 1)
        && outputs.stream().allMatch(TrialRun::isOpen);
  }

  private static boolean isOpen(TensorSpec spec) {
    return spec.datatype().isNumeric() && !spec.shape().isEmpty() && spec.shape().get(0) < 0;
  }

  private static long openDimensions(TensorSpec spec) {
    return spec.shape().stream().filter(dimension -> dimension < 0).count();
  }

  /** In companies of many sizes, and in many places there. */
  private boolean areIndependent(List<Map<String, Tensor>> rows, List<Map<String, Tensor>> alone) {
    boolean identical = true;
    for (int count : sizes()) {
      int[] picked = picked(count);
      List<Map<String, Tensor>> joint = join(IntStream.of(picked).mapToObj(rows::get).toList());
      for (int i = 0; i < count; i++) {
        Map<String, Tensor> own = alone.get(picked[i]);
        if (!isClose(joint.get(i), own)) {
          return false;
        }
        identical &= joint.get(i).equals(own);
      }
    }
    bitIdentical = identical;
    return true;
  }

  /** Each up to 16, then each power of two, and the largest. */
  private int[] sizes() {
    return IntStream.rangeClosed(2, maxRows)
        .filter(n -> n <= 16 || Integer.bitCount(n) == 1 || n == maxRows)
        .toArray();
  }

  private int[] picked(int count) {
    return IntStream.range(count, 2 * count).map(i -> i % maxRows).toArray();
  }

  private static boolean isClose(Map<String, Tensor> joint, Map<String, Tensor> alone) {
    return alone.entrySet().stream()
        .allMatch(
            output -> {
              Tensor other = joint.get(output.getKey());
              return other != null && other.closeTo(output.getValue(), ABSOLUTE, RELATIVE);
            });
  }

  private void measure(List<Map<String, Tensor>> rows) {
    long end = clock.getAsLong() + ROUNDS_NANOS;
    long alone = Long.MAX_VALUE;
    long joint = Long.MAX_VALUE;
    for (int i = 0; i < MOST_ROUNDS && (i < LEAST_ROUNDS || clock.getAsLong() < end); i++) {
      alone = Math.min(alone, nanos(() -> rows.forEach(this::infer)));
      joint = Math.min(joint, nanos(() -> join(rows)));
    }
    speedup = joint > 0 ? (double) alone / joint : 0;
  }

  private boolean isSlow(Runnable run) {
    long end = clock.getAsLong() + ROUNDS_NANOS;
    for (int i = 0; i < LEAST_ROUNDS && clock.getAsLong() < end; i++) {
      if (nanos(run) <= MOST_NANOS) {
        return false;
      }
    }
    return true;
  }

  private long nanos(Runnable run) {
    long start = clock.getAsLong();
    run.run();
    return clock.getAsLong() - start;
  }

  private Map<String, Tensor> infer(Map<String, Tensor> row) {
    return model.infer(row, Cancellation.none());
  }

  private List<Map<String, Tensor>> join(List<Map<String, Tensor>> rows) {
    return jointRun.of(rows, Cancellation.none());
  }
}
