package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine dim =
      Main.commandLine(new Terminal(false, Map.of())).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void version_always_isTheOneOfTheBuild() {
    assertThat(dim.execute("--version")).isZero();
    assertThat(out.toString()).matches("dim \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @Test
  void help_always_namesTheCommand() {
    assertThat(dim.execute("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: dim");
  }

  @Test
  void arguments_unknown_areRefusedWithUsage() {
    assertThat(dim.execute("--no-such-option")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("Unknown option: '--no-such-option'");
  }
}
