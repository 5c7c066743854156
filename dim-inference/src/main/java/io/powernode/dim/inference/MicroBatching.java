package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Environment;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets a loader's models answer several waiting requests in one run, where that pays. Whether it
 * does is tried when a model is loaded, which takes some 20 ms: its inputs and outputs must be
 * numbers with an open first dimension and no other open one in an input; rows must not depend on
 * the company they run in, within 1e-6 + 1e-5 × |value|; eight rows together must be at least 1.3
 * times as fast as one by one; and a full run must end within a millisecond, so that nobody waits
 * long for others. All other models run as they do without this.
 *
 * <p>Nothing waits for company: a node that has requests waiting for a free slot runs some of them
 * together. On most processors the answers are those of single runs, bit for bit; where kernels for
 * other row counts add up in another order they differ in the last bits, and then also from one
 * time to the next, with the company. {@link BatchingTrial#bitIdentical} tells what the trial saw.
 *
 * @param nanoTime a clock that never goes back, in nanoseconds
 * @param maxRows the most rows of several requests in one run, 2 to 1024
 * @param listener hears of each trial, on the loading thread; what it throws is ignored
 */
public record MicroBatching(LongSupplier nanoTime, int maxRows, Consumer<BatchingTrial> listener) {
  private static final int STANDARD_ROWS = 16;
  private static final int MOST_ROWS = 1024;

  public MicroBatching {
    if (maxRows < 2 || maxRows > MOST_ROWS) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "maxRows: is out of range; allowed: 2 to " + MOST_ROWS);
    }
  }

  /** Up to 16 rows in one run, measured by the environment's clock. */
  public static MicroBatching measuredBy(Environment environment) {
    return new MicroBatching(environment::nanoTime, STANDARD_ROWS, trial -> {});
  }

  /** The same with at most so many rows in one run. */
  public MicroBatching withMaxRows(int rows) {
    return new MicroBatching(nanoTime, rows, listener);
  }

  /** The same with a listener that hears of each trial. */
  public MicroBatching withListener(Consumer<BatchingTrial> trials) {
    return new MicroBatching(nanoTime, maxRows, trials);
  }
}
