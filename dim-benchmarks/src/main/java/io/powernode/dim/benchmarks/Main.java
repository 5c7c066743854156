package io.powernode.dim.benchmarks;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./dim bench}: measures, and says which targets are met. */
@Command(
    name = "dim bench",
    description =
        "Measures what DIM costs, beside other libraries and plain loops in the same run.",
    footer = "Exit status: 0 when it measured, whatever it found; 2 if it was called wrongly.")
public final class Main implements Callable<Integer> {
  private static final int ROUNDS = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Parameters(
      arity = "1..*",
      converter = SuiteName.class,
      completionCandidates = SuiteNames.class,
      paramLabel = "WHAT",
      description = "What to measure: ${COMPLETION-CANDIDATES}.")
  private List<Suite> suites = new ArrayList<>();

  @Option(names = "--json", description = "One line of JSON for each suite instead of tables.")
  private boolean json;

  @Option(
      names = "--quick",
      description = "A few calls on small inputs, to see that it works; the figures mean nothing.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "How often to measure, in fresh processes, for a median; by default " + ROUNDS + ".")
  private int rounds = ROUNDS;

  private Main() {}

  /** Measures and exits. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    // Somebody else's measuring on this machine is no reason to measure nothing.
    System.setProperty("jmh.ignoreLock", "true");
    return new CommandLine(new Main());
  }

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: is too small; allowed: 1 or more");
    }
    Effort effort = new Effort(quick, quick ? 1 : rounds);
    for (Suite suite : suites) {
      Report report = suite.run(effort, LocalDate.now(), this::progress);
      spec.commandLine().getOut().println(json ? report.json() : report.text());
      spec.commandLine().getOut().flush();
    }
    return CommandLine.ExitCode.OK;
  }

  /** Beside the answer, which may be read by a program. */
  private void progress(String line) {
    spec.commandLine().getErr().println("dim bench: " + line);
    spec.commandLine().getErr().flush();
  }

  static final class SuiteNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    SuiteNames() {
      for (Suite suite : Suite.values()) {
        add(suite.toString());
      }
    }
  }

  static final class SuiteName implements ITypeConverter<Suite> {
    @Override
    public Suite convert(String name) {
      for (Suite suite : Suite.values()) {
        if (suite.toString().equals(name)) {
          return suite;
        }
      }
      throw new CommandLine.TypeConversionException(
          name + ": is unknown; allowed: " + String.join(", ", new SuiteNames()));
    }
  }
}
