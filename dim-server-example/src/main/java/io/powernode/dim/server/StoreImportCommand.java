package io.powernode.dim.server;

import static io.powernode.dim.server.StoreOptions.number;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dim store import}: fills an empty store from an archive. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Fills an empty store from what dim store export wrote.",
      "",
      "The file, or the tables, are created if need be; the folder of large values must be new or"
          + " empty: after an import that was killed, delete it. Either everything is imported or"
          + " nothing."
          + " Values are encrypted with the current key, if there is one, whether or not they were"
          + " before; the keys must include those of the archive.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./dim store import jobs.archive --file restored.db",
      "  ./dim store import jobs.archive --postgres jdbc:postgresql://db/dim --user dim",
    })
final class StoreImportCommand implements Callable<Integer> {
  @Mixin private final StoreOptions options;

  @Parameters(paramLabel = "FILE", description = "The archive to read.")
  private Path archive = Path.of("");

  StoreImportCommand(Terminal terminal) {
    options = new StoreOptions(terminal);
  }

  @Override
  public Integer call() {
    options.requireFile("FILE", archive);
    long entries = options.with("Importing", false, this::load);
    options.answer(Map.of("entries", entries), "imported " + number(entries) + " entries");
    return ExitCode.OK;
  }

  private long load(JdbcStateStore store, LongConsumer progress) {
    try (InputStream in = Files.newInputStream(archive)) {
      return store.importFrom(in, progress);
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(
              ErrorCode.UNAVAILABLE,
              "the archive cannot be read, or a large value of it cannot be written"),
          e);
    }
  }
}
