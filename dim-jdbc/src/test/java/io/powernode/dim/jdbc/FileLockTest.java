package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  /** Another process: holds the lock until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      FileLock.acquire(Path.of(arguments[0]), Instant.parse(arguments[1]));
      System.out.println("locked");
      System.in.read();
    }
  }

  @Test
  void lock_ofAnotherProcess_isNamedAndGoesWhenItIsKilled() throws Exception {
    Path file = folder.resolve("store.lock");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString(),
                NOW.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = other.inputReader()) {
      assertThat(output.readLine()).isEqualTo("locked");
      assertThatThrownBy(() -> FileLock.acquire(file, NOW))
          .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("in use by process " + other.pid() + " on ")
          .hasMessageContaining(" since 2026-01-01T00:00:00Z: stop that process first");
    } finally {
      other.destroyForcibly().waitFor();
    }
    FileLock.acquire(file, NOW).close();
  }

  @Test
  void lock_ofThisProcess_isNamedUntilItIsClosed() throws Exception {
    Path file = folder.resolve("store.lock");
    FileLock first = FileLock.acquire(file, NOW);
    assertThatThrownBy(() -> FileLock.acquire(file, NOW))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    first.close();
    first.close();
    FileLock.acquire(file, NOW).close();
  }
}
