package io.powernode.dim.server;

import static io.powernode.dim.server.StoreOptions.number;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dim store export}: a whole store in one file, whatever database it is in. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Copies a store into an archive, from which dim store import fills any other store.",
      "",
      "The archive has the store as it was at one moment, large values included. Values that are"
          + " encrypted stay so: keep the keys with it, but not beside it. Only its owner may read"
          + " the file. It is there when it is whole, and not before.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./dim store export jobs.archive --file jobs.db",
      "  ./dim store export jobs.archive --postgres jdbc:postgresql://db/dim --user dim",
    })
final class StoreExportCommand implements Callable<Integer> {
  @Mixin private final StoreOptions options;

  @Parameters(paramLabel = "FILE", description = "The archive to write.")
  private Path archive = Path.of("");

  @Option(names = "--force", description = "Replaces the archive if it is there.")
  private boolean force;

  StoreExportCommand(Terminal terminal) {
    options = new StoreOptions(terminal);
  }

  @Override
  public Integer call() {
    options.requireElsewhere("FILE", archive);
    if (Files.exists(archive) && !(force && Files.isRegularFile(archive))) {
      throw options.wrong(
          Files.isRegularFile(archive)
              ? "FILE: exists; allowed: another name, or --force"
              : "FILE: is no file; allowed: a file's name");
    }
    long entries = options.with("Exporting", true, this::export);
    options.answer(Map.of("entries", entries), "exported " + number(entries) + " entries");
    return ExitCode.OK;
  }

  private long export(JdbcStateStore store, LongConsumer progress) {
    Path target = archive.toAbsolutePath();
    try {
      Path part = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part");
      try {
        long entries = export(store, part, progress);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return entries;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "the archive cannot be written"), e);
    }
  }

  /** Forced to the disk before it has its name. */
  private static long export(JdbcStateStore store, Path part, LongConsumer progress)
      throws IOException {
    try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(file)) {
      long entries = store.exportTo(out, progress);
      file.force(true);
      return entries;
    }
  }
}
