package io.powernode.dim.jdbc.proof;

import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.jdbc.JdbcStateStoreBuilder;
import io.powernode.dim.spi.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where a store lies, in a form that goes from process to process. */
sealed interface Database {
  JdbcStateStoreBuilder store();

  String argument();

  /**
   * Has its content read while no process has it open, and leaves what the next process will find
   * as the last one left it.
   */
  void read(Consumer<StateStore> reader) throws IOException;

  static Database parse(String argument) {
    return argument.startsWith("jdbc:") ? new Postgres(argument) : new Sqlite(Path.of(argument));
  }

  record Sqlite(Path file) implements Database {
    @Override
    public JdbcStateStoreBuilder store() {
      return JdbcStateStore.sqlite(file);
    }

    @Override
    public String argument() {
      return file.toString();
    }

    /** Reads a copy, since opening the file itself would mend what a killed process left. */
    @Override
    public void read(Consumer<StateStore> reader) throws IOException {
      Path folder = Files.createTempDirectory("dim-copy-");
      for (String part : List.of("", "-wal")) {
        Path source = file.resolveSibling(file.getFileName() + part);
        if (Files.exists(source)) {
          Files.copy(source, folder.resolve(source.getFileName()));
        }
      }
      try (StateStore copy = JdbcStateStore.sqlite(folder.resolve(file.getFileName())).build()) {
        reader.accept(copy);
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  record Postgres(String url) implements Database {
    @Override
    public JdbcStateStoreBuilder store() {
      return JdbcStateStore.postgres(url, "postgres", "");
    }

    @Override
    public String argument() {
      return url;
    }

    @Override
    public void read(Consumer<StateStore> reader) {
      try (StateStore store = store().build()) {
        reader.accept(store);
      }
    }
  }
}
