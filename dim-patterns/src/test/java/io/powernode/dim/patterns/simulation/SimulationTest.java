package io.powernode.dim.patterns.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.testkit.FakeModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SimulationTest {
  private static final int SEEDS =
      Integer.getInteger("seeds", Boolean.getBoolean("soak") ? 50_000 : 2_000);
  private static final long FIRST = Long.getLong("seed", 0);
  private static final int REPLAYED = 4;

  @TempDir static Path models;

  @BeforeAll
  static void writeModels() throws IOException {
    for (int i = 0; i <= 5; i++) {
      Files.write(models.resolve("m" + i), FakeModels.file("m" + i));
    }
  }

  @Test
  void run_manySeeds_everyJobEndsOnceAndEveryPromiseIsKept() {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      List<String> first = history(seed);
      if (seed % REPLAYED == 0) {
        assertThat(history(seed)).as("history of seed %d, replayed", seed).isEqualTo(first);
      }
    }
  }

  private static List<String> history(long seed) {
    try (Simulation simulation = new Simulation(seed, models)) {
      List<String> events = simulation.run();
      assertThat(simulation.faults())
          .as(() -> "seed " + seed + "\n" + String.join("\n", events))
          .isEmpty();
      return events;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + " failed: " + e.getMessage(), e);
    }
  }
}
