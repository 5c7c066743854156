package io.powernode.dim.server;

import static io.powernode.dim.server.StoreOptions.number;

import io.powernode.dim.jdbc.StoreReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code dim store check}: whether everything in a store is whole. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Reads everything in a store, and says what is damaged.",
      "",
      "Reads every value, with its checksum and its key, and compares indexes, large values and"
          + " streams with the entries. Changes nothing but the form of a store that an earlier"
          + " version wrote. Answers 1 if anything is wrong.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./dim store check --file jobs.db",
      "  ./dim store check --postgres jdbc:postgresql://db/dim --user dim --json",
    })
final class StoreCheckCommand implements Callable<Integer> {
  @Mixin private final StoreOptions options;

  StoreCheckCommand(Terminal terminal) {
    options = new StoreOptions(terminal);
  }

  @Override
  public Integer call() {
    StoreReport report = options.with("Checking", true, (store, progress) -> store.check(progress));
    Found found =
        new Found(
            report.isSound(),
            report.entries(),
            report.large(),
            report.bytes(),
            report.notCurrent(),
            report.problems());
    options.answer(found, lines(report).toArray(String[]::new));
    return report.isSound() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** The report as JSON; without problems if there are none. */
  private record Found(
      boolean sound,
      long entries,
      long large,
      long bytes,
      long notCurrent,
      List<String> problems) {}

  private static List<String> lines(StoreReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s entries, %s of them large; %s bytes"
            .formatted(number(report.entries()), number(report.large()), number(report.bytes())));
    if (report.notCurrent() > 0) {
      lines.add(
          number(report.notCurrent())
              + " values are not encrypted with the current key; dim store reseal does that");
    }
    if (report.isSound()) {
      lines.add("nothing is wrong");
    } else {
      lines.add("problems:");
      report.problems().forEach(problem -> lines.add("  " + problem));
    }
    return lines;
  }
}
