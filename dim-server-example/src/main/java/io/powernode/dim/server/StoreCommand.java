package io.powernode.dim.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dim store}: what can be done with a durable store as a whole. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Checks, copies and encrypts a durable store of jobs.",
      "",
      "The store is a SQLite file, which no orchestrator may have open meanwhile, or the tables of"
          + " a PostgreSQL database, which orchestrators may go on using. docs/durability.md says"
          + " what lies in it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./dim store check --file jobs.db",
      "  ./dim store export jobs.archive --file jobs.db",
      "  ./dim store import jobs.archive --postgres jdbc:postgresql://db/dim --user dim",
    })
final class StoreCommand implements Runnable {
  @Spec private CommandSpec spec;

  private StoreCommand() {}

  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new StoreCommand())
        .addSubcommand(new StoreCheckCommand(terminal))
        .addSubcommand(new StoreExportCommand(terminal))
        .addSubcommand(new StoreImportCommand(terminal))
        .addSubcommand(new StoreResealCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
