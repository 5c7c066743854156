package io.powernode.dim.benchmarks;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A store with many finished jobs, in a file that the measures of a run share: filling it takes
 * longer than measuring on it.
 */
final class FullStore {
  /** The system property with the folder; without it, every process has its own. */
  static final String FOLDER = "dim.bench.stores";

  private FullStore() {}

  /** A folder that is deleted when this process ends. */
  static Path folder() {
    try {
      Path folder = Files.createTempDirectory("dim-bench");
      Runtime.getRuntime().addShutdownHook(new Thread(new Database("", List.of(folder))::close));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the one with so many finished jobs. */
  static JdbcStateStore open(int jobs) throws IOException {
    String shared = System.getProperty(FOLDER, "");
    Path folder = shared.isEmpty() ? folder() : Path.of(shared);
    Path file = folder.resolve("finished-" + jobs + ".db");
    boolean isNew = Files.notExists(file);
    JdbcStateStore store = JdbcStateStore.sqlite(file).build();
    if (isNew) {
      finished(store).fill(store, jobs);
    }
    return store;
  }

  private static JobCopies finished(StateStore store) throws IOException {
    RecordingStore recording = RecordingStore.of(store);
    try (ChainHost host = ChainHost.on(recording, "orchestrator")) {
      String jobId = host.run().jobId();
      return JobCopies.of(jobId, recording.commits());
    }
  }

  /** Adds jobs that were running when their owner died. */
  static void addRunning(StateStore store, int jobs) throws IOException {
    RecordingStore recording = RecordingStore.of(store);
    try (ChainHost host = ChainHost.on(recording, "dead", new NoOp.Silent("node"))) {
      JobHandle job = host.dim().submit(host.job());
      JobCopies running;
      do {
        Thread.onSpinWait();
        running = JobCopies.of(job.jobId(), List.copyOf(recording.commits()));
      } while (!running.isRunning());
      running.fill(store, jobs);
    }
  }
}
