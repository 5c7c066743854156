package io.powernode.dim.jdbc.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A SQLite file on a small disk that becomes full. */
@Tag("slow")
class FullDiskTest {
  private static final boolean SOAK = Boolean.getBoolean("soak");
  private static final int TIMES = SOAK ? 20 : 3;
  private static final int MOST_REPORTS = 400;
  private static final String SIZE = SOAK ? "64m" : "24m";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long SEED = Long.getLong("seed", 1);

  @TempDir Path folder;

  @Test
  void jobs_onADiskThatBecomesFull_areRefusedMeanwhileAndEndOnce() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.toString());
    try (Proof proof =
        new Proof(
            new Database.Sqlite(disk.resolve("state.db")), folder, Duration.ofSeconds(1), SEED)) {
      Child child = proof.start();
      for (int i = 0; i < TIMES; i++) {
        child
            .reported(1 + random.nextInt(MOST_REPORTS))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        proof.awaitRefusal();
        if (random.nextBoolean()) {
          child.kill();
          child.awaitDeath();
          child = proof.start();
        }
        Files.delete(ballast);
      }
      System.out.println(TIMES + " times a full disk: " + proof.finish());
    } finally {
      run("umount", "--lazy", disk.toString());
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new TestAbortedException("no right to use a small disk: " + output.strip());
    }
  }
}
