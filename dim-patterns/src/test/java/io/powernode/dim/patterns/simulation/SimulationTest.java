package io.powernode.dim.patterns.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of seeds. A seed that fails prints its history, and {@code -Dseed=K -Dseeds=1} runs it
 * alone.
 */
@Tag("slow")
class SimulationTest {
  private static final int SEEDS =
      Integer.getInteger("seeds", Boolean.getBoolean("soak") ? 200_000 : 10_000);
  private static final long FIRST = Long.getLong("seed", 0);
  private static final int REPLAYED = 16;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  @Test
  void run_manySeeds_everyJobEndsOnceAndEveryPromiseIsKept() throws Exception {
    ClassLoader services = new ServicesOnce(Thread.currentThread().getContextClassLoader());
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        long begin = FIRST + thread;
        runs.add(
            pool.submit(
                () -> {
                  Thread.currentThread().setContextClassLoader(services);
                  run(begin);
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void run(long begin) {
    for (long seed = begin; seed < FIRST + SEEDS; seed += THREADS) {
      List<String> first = history(seed);
      if (seed % REPLAYED == 0) {
        assertThat(history(seed)).as("history of seed %d, replayed", seed).isEqualTo(first);
      }
    }
  }

  private static List<String> history(long seed) {
    try (Simulation simulation = new Simulation(seed)) {
      List<String> events = simulation.run();
      assertThat(simulation.faults()).as(() -> "faults\n" + String.join("\n", events)).isEmpty();
      return events;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + " failed: " + e.getMessage(), e);
    }
  }
}
