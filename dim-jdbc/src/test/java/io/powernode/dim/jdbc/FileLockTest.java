package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = Files.createFile(folder.resolve("store.lock"));
  }

  /** Another process: says whether it has the lock, and holds it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try {
        FileLock.acquire(Path.of(arguments[0]), Instant.parse(arguments[1]));
        System.out.println("locked");
      } catch (DimException e) {
        System.out.println(e.getMessage());
      }
      System.in.read();
    }
  }

  private Process holder() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            file.toString(),
            NOW.toString())
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void lock_ofAnotherProcess_isNamedAndGoesWhenItIsKilled() throws Exception {
    Process other = holder();
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
    FileLock first = FileLock.acquire(file, NOW);
    assertThatThrownBy(() -> FileLock.acquire(file, NOW))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    first.close();
    FileLock second = FileLock.acquire(file, NOW);
    first.close();
    assertThatThrownBy(() -> FileLock.acquire(file, NOW)).isInstanceOf(DimException.class);
    second.close();
  }

  /** The system takes all of a process's locks on a file when it closes the file once. */
  @Test
  void lock_thatWasAskedForTwice_stillHoldsAgainstAnotherProcess() throws Exception {
    FileLock first = FileLock.acquire(file, NOW);
    assertThatThrownBy(() -> FileLock.acquire(file, NOW)).isInstanceOf(DimException.class);
    Process other = holder();
    try (BufferedReader output = other.inputReader()) {
      assertThat(output.readLine()).contains("in use by process " + ProcessHandle.current().pid());
    } finally {
      other.destroyForcibly().waitFor();
      first.close();
    }
  }
}
