package io.powernode.dim.server;

import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.jdbc.JdbcStateStoreBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a store is, one of the two kinds of database. */
final class StorePlace {
  private static final String PASSWORD = "DIM_STORE_PASSWORD";
  private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?i)password=");

  @Option(
      names = "--file",
      required = true,
      paramLabel = "PATH",
      description = "The store is in this SQLite file.")
  private @Nullable Path file;

  @ArgGroup(exclusive = false, multiplicity = "1")
  private @Nullable Server server;

  private static final class Server {
    @Option(
        names = "--postgres",
        required = true,
        paramLabel = "URL",
        description = "The store is in this database, as in jdbc:postgresql://host/name.")
    private String url = "";

    @Option(
        names = "--user",
        required = true,
        paramLabel = "NAME",
        description =
            "The database's user; the password comes from the variable " + PASSWORD + " only.")
    private String user = "";
  }

  /**
   * The store there, to be built.
   *
   * @throws IllegalArgumentException naming what is wrong, the problem, and what is allowed
   */
  JdbcStateStoreBuilder builder(boolean mustExist, Map<String, String> environment) {
    if (server != null) {
      if (PASSWORD_IN_URL.matcher(server.url).find()) {
        throw new IllegalArgumentException(
            "--postgres: holds a password; allowed: a URL without, and the variable " + PASSWORD);
      }
      String password = environment.getOrDefault(PASSWORD, "");
      return JdbcStateStore.postgres(server.url, server.user, password).mustExist(mustExist);
    }
    Path path = file == null ? Path.of("") : file;
    if (mustExist && !Files.isRegularFile(path)) {
      throw new IllegalArgumentException("--file: is no file; allowed: the file of a store");
    }
    return JdbcStateStore.sqlite(path).mustExist(mustExist);
  }

  /**
   * Whether a file is the store's, or may be: those whose names begin with its own belong to it.
   */
  boolean owns(Path other) {
    return file != null
        && folder(file).equals(folder(other))
        && other.getFileName().toString().startsWith(file.getFileName().toString());
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().normalize().resolveSibling("");
  }
}
