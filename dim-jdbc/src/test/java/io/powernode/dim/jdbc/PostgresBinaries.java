package io.powernode.dim.jdbc;

import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked from the class path into a folder of their own. PostgreSQL
 * refuses to run as root, which therefore lends everything to the user {@code nobody}.
 *
 * @param home the folder
 * @param prefix what a command begins with in order to run as somebody who may
 */
record PostgresBinaries(Path home, List<String> prefix) {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "nobody";
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups");

  static PostgresBinaries unpack() throws PostgresUnavailable {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      throw new PostgresUnavailable("the class path has no PostgreSQL for " + system);
    }
    boolean isRoot = System.getProperty("user.name").equals("root");
    if (isRoot && !isOnPath("setpriv")) {
      throw new PostgresUnavailable("PostgreSQL refuses to run as root, and setpriv is missing");
    }
    try {
      Path home = Files.createTempDirectory("dim-postgres-");
      PostgresBinaries binaries = new PostgresBinaries(home, isRoot ? AS_NOBODY : List.of());
      if (isRoot) {
        Files.setOwner(
            home,
            home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
      }
      binaries.extract();
      return binaries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOnPath(String program) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private void extract() throws IOException {
    Process tar = builder("tar", "--extract").start();
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        OutputStream archive = tar.getOutputStream()) {
      if (packed == null) {
        throw new IllegalStateException("the class path has no " + ARCHIVE);
      }
      new XZInputStream(packed).transferTo(archive);
    }
    await(tar, "tar");
  }

  /** Runs one of the programs to its end. */
  void run(String program, String... arguments) {
    try {
      Path output = home.resolve(program + ".out");
      // Into a file: a server that the program leaves behind would keep a pipe open.
      Process process =
          builder(home.resolve("bin").resolve(program).toString(), arguments)
              .redirectOutput(output.toFile())
              .start();
      await(process, program + ", see " + output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder(String program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(program);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
  }

  private static void await(Process process, String what) {
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException("exit " + exit + " of " + what);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }
}
