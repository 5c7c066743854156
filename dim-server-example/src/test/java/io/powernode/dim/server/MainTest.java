package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine dim =
      Main.commandLine(new Terminal(false, Map.of()))
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err));

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

  @Test
  void help_always_listsWhatTheScriptDoesItself() {
    dim.execute("--help");
    assertThat(out.toString()).contains("  demo  ").contains("  test  ");
  }

  @Test
  void command_missing_isRefusedWithUsage() {
    assertThat(dim.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("Missing required subcommand");
  }

  @Test
  void failure_known_isOneLineAndStatusOne() {
    Callable<Integer> failing =
        () -> {
          throw new DimException(ErrorCode.QUORUM_NOT_MET, "2 of 3 answered");
        };
    CommandLine command =
        new CommandLine(CommandSpec.wrapWithoutInspection(failing))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(dim.getExecutionExceptionHandler());
    assertThat(command.execute()).isEqualTo(1);
    assertThat(err).hasToString("dim: 2 of 3 answered (QUORUM_NOT_MET)" + System.lineSeparator());
  }
}
