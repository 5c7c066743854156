package io.powernode.dim.server;

import io.powernode.dim.api.DimException;
import io.powernode.dim.jdbc.AesGcmCipher;
import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.jdbc.JdbcStateStoreBuilder;
import io.powernode.dim.jdbc.ValueCipher;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.FileBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which store a command works on, and how it answers. */
final class StoreOptions {
  private static final String KEYS = "DIM_STORE_KEYS";

  /** How many entries make progress that is worth drawing. */
  private static final long STEP = 250;

  private final Terminal terminal;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @ArgGroup(multiplicity = "1")
  private StorePlace place;

  @Option(
      names = "--blobs",
      paramLabel = "FOLDER",
      description =
          "Where the store's large values are; if left out, in PATH.blobs, or in the PostgreSQL"
              + " database itself.")
  private @Nullable Path blobs;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description =
          "The keys that encrypt values, NAME:BASE64 on a line each, the current one first; only"
              + " its owner may read the file. If left out, those in the variable "
              + KEYS
              + ", if it is set.")
  private @Nullable Path keys;

  @Option(names = "--json", description = "Prints one JSON object and nothing else.")
  private boolean json;

  StoreOptions(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What a command does with the store; hears how many entries it has seen to. */
  interface Work<T> {
    T run(JdbcStateStore store, LongConsumer progress);
  }

  /**
   * Opens the store, does the work and closes the store.
   *
   * @param title what is drawn on a terminal while it is done
   * @param mustExist whether a store that is not there is refused, not created
   */
  <T> T with(String title, boolean mustExist, Work<T> work) {
    dim().requireNoColor(json, command);
    try (JdbcStateStore store = builder(mustExist).build();
        StatusLine line = new StatusLine(command.commandLine().getOut())) {
      return work.run(store, terminal.interactive() && !json ? drawn(line, title) : entries -> {});
    }
  }

  private static LongConsumer drawn(StatusLine line, String title) {
    return entries -> {
      if (entries % STEP == 0) {
        line.draw(title + " " + number(entries) + " entries ...");
      }
    };
  }

  private Main dim() {
    return (Main) command.root().userObject();
  }

  /** What is to be removed and when is left to orchestrators, which may have other settings. */
  private JdbcStateStoreBuilder builder(boolean mustExist) {
    JdbcStateStoreBuilder builder =
        database(mustExist)
            .cipher(cipher())
            .cipherMustFit(false)
            .changesKept(Integer.MAX_VALUE)
            .blobsKeptFor(Duration.ofDays(365));
    if (blobs == null) {
      return builder;
    }
    try {
      if (mustExist && !Files.isDirectory(blobs)) {
        throw wrong("--blobs: is no folder; allowed: the one with the store's large values");
      }
      return builder.blobs(FileBlobStore.open(blobs));
    } catch (IOException e) {
      throw wrong("--blobs: cannot be used; allowed: a folder that can be read and written");
    }
  }

  private JdbcStateStoreBuilder database(boolean mustExist) {
    try {
      return place.builder(mustExist, terminal.environment());
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private ValueCipher cipher() {
    String known = terminal.environment().getOrDefault(KEYS, "");
    try {
      if (keys != null) {
        return AesGcmCipher.fromFile(keys);
      }
      return known.isBlank() ? ValueCipher.none() : AesGcmCipher.of(known);
    } catch (DimException e) {
      throw wrong((keys != null ? "--keys: " : KEYS + ": ") + e.getMessage());
    }
  }

  /** Refuses a file that is, or may be, a part of the store. */
  void requireElsewhere(String field, Path other) {
    if (place.owns(other)) {
      throw wrong(field + ": begins with the store's name; allowed: a name of its own");
    }
  }

  /** Requires keys, from wherever they come. */
  void requireKeys() {
    if (keys == null && terminal.environment().getOrDefault(KEYS, "").isBlank()) {
      throw wrong("--keys: is missing; allowed: a file with keys, or the variable " + KEYS);
    }
  }

  /** Requires a file to be there. */
  void requireFile(String field, Path other) {
    if (!Files.isRegularFile(other)) {
      throw wrong(field + ": is no file; allowed: a file that is there");
    }
  }

  ParameterException wrong(String problem) {
    return new ParameterException(command.commandLine(), problem);
  }

  /** Prints the answer. */
  void answer(Object asJson, String... lines) {
    if (json) {
      command.commandLine().getOut().println(DimJson.standard().write(asJson));
    } else {
      for (String line : lines) {
        command.commandLine().getOut().println(line);
      }
    }
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
