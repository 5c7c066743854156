package io.powernode.dim.inference;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs a main class of the tests in a JVM of its own, so that a native crash is only its own. */
final class ChildJvm {
  private final Path home;
  private final List<String> options = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");

  /** A JVM whose home and temporary folders are those given. */
  ChildJvm(Path home, Path temp) {
    this.home = home;
    options.add("-Duser.home=" + home);
    options.add("-Djava.io.tmpdir=" + temp);
    options.add("-Xmx256m");
    // Newer JVMs warn on standard error of whoever loads native code without it.
    options.add("--enable-native-access=ALL-UNNAMED");
  }

  ChildJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Without the jars whose names contain {@code part}. */
  ChildJvm without(String part) {
    classPath =
        Arrays.stream(classPath.split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().contains(part))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  /**
   * How it ended.
   *
   * @param exit the exit status; 134 or 139 after a native crash
   * @param output all lines of standard output and error
   */
  record End(int exit, List<String> output) {}

  End run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("child", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", home.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
    Process process =
        builder
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new AssertionError("the child did not end: " + Files.readAllLines(output));
      }
      return new End(process.exitValue(), Files.readAllLines(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
