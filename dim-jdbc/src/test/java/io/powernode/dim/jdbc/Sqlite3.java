package io.powernode.dim.jdbc;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** SQLite's own command line, where the machine has it. */
final class Sqlite3 {
  private Sqlite3() {}

  static boolean isThere() {
    return exit(Path.of("."), Redirect.DISCARD, "--version") == 0;
  }

  /** Some are built without it. */
  static boolean canRecover() {
    return exit(Path.of("."), Redirect.DISCARD, ":memory:", "SELECT count(*) FROM sqlite_dbpage")
        == 0;
  }

  /** Runs it in a folder. */
  static void run(Path folder, Redirect output, String... arguments) {
    int exit = exit(folder, output, arguments);
    if (exit != 0) {
      throw new IllegalStateException("exit " + exit + " of sqlite3");
    }
  }

  private static int exit(Path folder, Redirect output, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sqlite3"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(output)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException missing) {
      return -1;
    }
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for sqlite3", e);
    }
  }
}
