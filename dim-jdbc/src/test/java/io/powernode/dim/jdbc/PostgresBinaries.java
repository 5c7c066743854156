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
 * The programs of PostgreSQL, with a folder for what they write. They refuse to run as root, which
 * therefore lends the folder to the user {@code nobody}.
 *
 * @param home the folder
 * @param programs where the programs are
 * @param prefix what a command begins with in order to run as somebody who may
 */
record PostgresBinaries(Path home, Path programs, List<String> prefix) {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "nobody";
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups");

  /** Where Debian and its kin put the programs of each version. */
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  private static final List<String> NEEDED =
      List.of("initdb", "pg_ctl", "postgres", "createdb", "pg_dump", "pg_restore", "pg_basebackup");

  /** Those of the class path, unpacked: a server and nothing else. */
  static PostgresBinaries unpack() throws PostgresUnavailable {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      throw new PostgresUnavailable("the class path has no PostgreSQL for " + system);
    }
    try {
      Path home = Files.createTempDirectory("dim-postgres-");
      PostgresBinaries binaries = of(home, home.resolve("bin"));
      binaries.extract();
      return binaries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest that this machine has, with the programs for backups. */
  static PostgresBinaries installed() throws PostgresUnavailable {
    for (int version = 30; version >= 14; version--) {
      Path programs = INSTALLED.resolve(version + "/bin");
      if (NEEDED.stream().allMatch(name -> Files.isExecutable(programs.resolve(name)))) {
        try {
          return of(Files.createTempDirectory("dim-postgres-"), programs);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new PostgresUnavailable("this machine has no PostgreSQL with pg_dump and pg_basebackup");
  }

  private static PostgresBinaries of(Path home, Path programs)
      throws PostgresUnavailable, IOException {
    if (!System.getProperty("user.name").equals("root")) {
      return new PostgresBinaries(home, programs, List.of());
    }
    if (!isOnPath("setpriv")) {
      throw new PostgresUnavailable("PostgreSQL refuses to run as root, and setpriv is missing");
    }
    Files.setOwner(
        home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    return new PostgresBinaries(home, programs, AS_NOBODY);
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
          builder(programs.resolve(program).toString(), arguments)
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
