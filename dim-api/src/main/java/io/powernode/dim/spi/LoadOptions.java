package io.powernode.dim.spi;

/**
 * How a node wants a model to run.
 *
 * @param threads how many threads one inference may use, 1 or more
 */
public record LoadOptions(int threads) {
  public LoadOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: is too small; allowed: 1 or more");
    }
  }

  /** One thread an inference: callers bring the parallelism. */
  public static LoadOptions standard() {
    return new LoadOptions(1);
  }
}
