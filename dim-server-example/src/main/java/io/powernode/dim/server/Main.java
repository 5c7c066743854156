package io.powernode.dim.server;

import io.powernode.dim.api.DimException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code dim} command line. */
@Command(
    name = "dim",
    description = "Runs one inference job across machines of different owners.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "  test     Runs the whole test suite: ./dim test [--soak] [Maven's arguments].",
      "  bench    Measures: ./dim bench --help lists what.",
      "  example  Runs an example: ./dim example lists them.",
      "           Only the script ./dim can do these, in a checkout.",
      "",
      "Exit status: 0 if it went well, 1 if it failed, 2 if it was called wrongly.",
    })
public final class Main implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--color",
      negatable = true,
      scope = ScopeType.INHERIT,
      description =
          "Colours what is printed, or does not; by default only on a terminal, and not where the"
              + " variable NO_COLOR is set.")
  private @Nullable Boolean color;

  private Main() {}

  /**
   * Runs one command and exits: 0 when it succeeded, 1 when it failed, 2 when it was called
   * wrongly.
   *
   * @param args the command and its options
   */
  public static void main(String[] args) {
    int status = commandLine(Terminal.detect()).execute(args);
    if (status == CommandLine.ExitCode.OK && System.out.checkError()) {
      System.err.println("dim: standard output cannot be written");
      status = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(status);
  }

  static CommandLine commandLine(Terminal terminal) {
    Main main = new Main();
    CommandLine dim = new CommandLine(main);
    dim.addSubcommand(new DemoCommand(terminal));
    dim.addSubcommand(StoreCommand.commandLine(terminal));
    dim.setColorScheme(Help.defaultColorScheme(terminal.ansi(Optional.empty())));
    dim.setExecutionStrategy(
        parsed -> {
          dim.setColorScheme(Help.defaultColorScheme(terminal.ansi(main.color())));
          return new RunLast().execute(parsed);
        });
    dim.setExecutionExceptionHandler(Main::failed);
    return dim;
  }

  /** What the caller says about colours. */
  Optional<Boolean> color() {
    return Optional.ofNullable(color);
  }

  /** Refuses colours where the answer is JSON. */
  void requireNoColor(boolean json, CommandSpec command) {
    if (json && color().orElse(false)) {
      throw new ParameterException(
          command.commandLine(), "--color: goes with tables; allowed: one of --color and --json");
    }
  }

  /** One line for what may happen, the stack for what must not. */
  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof DimException known) {
      command.getErr().println("dim: " + known.getMessage() + " (" + known.code() + ")");
      command.getErr().flush();
    } else {
      LOG.error("the command failed", e);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
