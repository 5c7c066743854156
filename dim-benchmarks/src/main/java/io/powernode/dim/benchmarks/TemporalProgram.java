package io.powernode.dim.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program with Temporal's development server: the one on the PATH, else one that Go built from
 * source into this module's {@code target} folder.
 */
final class TemporalProgram {
  private static final String VERSION = "v1.5.1";
  private static final String SOURCE = "github.com/temporalio/cli/cmd/temporal@" + VERSION;
  private static final long MOST_MINUTES = 15;

  private TemporalProgram() {}

  /** What is there already. */
  static Optional<Path> find() {
    return Stream.concat(onPath("temporal").stream(), Stream.of(folder().resolve("temporal")))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What is there, or can be built; empty where Go or its module proxy is missing. */
  static Optional<Path> findOrBuild() {
    Optional<Path> there = find();
    return there.isPresent() ? there : onPath("go").flatMap(TemporalProgram::build);
  }

  private static Optional<Path> build(Path go) {
    try {
      Files.createDirectories(folder());
      ProcessBuilder builder =
          new ProcessBuilder(go.toString(), "install", SOURCE)
              .redirectErrorStream(true)
              .redirectOutput(folder().resolve("build.log").toFile());
      builder.environment().put("GOBIN", folder().toString());
      Process build = builder.start();
      if (!build.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        build.destroyForcibly();
      }
      return find();
    } catch (IOException none) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Beside the compiled classes, and of one version, so that another is built anew. */
  private static Path folder() {
    try {
      return Path.of(
              TemporalProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling("temporal")
          .resolve(VERSION);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
