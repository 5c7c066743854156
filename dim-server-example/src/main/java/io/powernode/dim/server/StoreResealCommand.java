package io.powernode.dim.server;

import static io.powernode.dim.server.StoreOptions.number;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.jdbc.JdbcStateStore;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code dim store reseal}: encrypts a store with the current key. */
@Command(
    name = "reseal",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Encrypts with the current key what is not encrypted, or with an older one.",
      "",
      "The first key is the current one; the others must include all that values are encrypted"
          + " with. When it has ended, no value needs an older key, provided that no orchestrator"
          + " writes with one.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  (umask 077; echo \"2026a:$(openssl rand -base64 32)\" > keys)",
      "  ./dim store reseal --file jobs.db --keys keys",
    })
final class StoreResealCommand implements Callable<Integer> {
  @Mixin private final StoreOptions options;

  StoreResealCommand(Terminal terminal) {
    options = new StoreOptions(terminal);
  }

  @Override
  public Integer call() {
    options.requireKeys();
    long values = options.with("Encrypting", true, StoreResealCommand::reseal);
    options.answer(Map.of("values", values), "encrypted " + number(values) + " values anew");
    return ExitCode.OK;
  }

  private static long reseal(JdbcStateStore store, LongConsumer progress) {
    try {
      return store.reseal(progress);
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "a large value cannot be written"), e);
    }
  }
}
