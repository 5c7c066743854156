package io.powernode.dim.jdbc;

import com.zaxxer.hikari.util.DriverDataSource;
import io.powernode.dim.api.DimException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * A file that is to hold a store: whether it may, and whether it is whole.
 *
 * @param path its real path, the same whatever name it was found under
 */
record SqliteFile(Path path) {
  /** "DIM1" in ASCII; the file's header says so what it is (see {@code PRAGMA application_id}). */
  private static final int APPLICATION_ID = 0x44494d31;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** Larger files would delay the start; what is damaged in them is found when it is read. */
  private static final long CHECKED_BYTES = 256L << 20;

  String url() {
    return "jdbc:sqlite:" + path;
  }

  DataSource source() {
    return new DriverDataSource(url(), null, new Properties(), null, null);
  }

  Path lockFile() {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  /** Where its large values lie by default. */
  Path blobFolder() {
    return path.resolveSibling(path.getFileName() + ".blobs");
  }

  /** Creates the file, with its lock file and its folder, if need be, for this user only. */
  static SqliteFile create(Path named) throws IOException {
    Files.createDirectories(named.getParent());
    createIfAbsent(named);
    SqliteFile file = new SqliteFile(named.toRealPath());
    createIfAbsent(file.lockFile());
    return file;
  }

  private static void createIfAbsent(Path file) throws IOException {
    try {
      Files.createFile(file, privately());
    } catch (FileAlreadyExistsException e) {
      // Whether it is a store is found out under the lock.
    }
  }

  private static FileAttribute<?>[] privately() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Brings a new file, or one of an earlier version, to this version's form.
   *
   * @throws DimException if the file is damaged, or something else than a store
   */
  void verify() throws IOException, SQLException {
    if (!isEmptyOrSqlite()) {
      throw foreign();
    }
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
        if (number(statement, "SELECT count(*) FROM sqlite_master") > 0) {
          throw foreign();
        }
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      }
      if (!"wal".equals(text(statement, "PRAGMA journal_mode = WAL"))) {
        throw Refusal.forGood(
            "the file's folder cannot hold a write-ahead log: use one on a local disk");
      }
      if (Files.size(path) <= CHECKED_BYTES
          && !"ok".equals(text(statement, "PRAGMA quick_check(1)"))) {
        throw damaged();
      }
    } catch (SQLException e) {
      if (SqliteFaults.isDamage(e)) {
        throw damaged();
      }
      throw e;
    }
  }

  private boolean isEmptyOrSqlite() throws IOException {
    try (InputStream content = Files.newInputStream(path)) {
      byte[] start = content.readNBytes(MAGIC.length);
      return start.length == 0 || Arrays.equals(start, MAGIC);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet found = statement.executeQuery(sql)) {
      found.next();
      return found.getString(1);
    }
  }

  private static DimException foreign() {
    return Refusal.forGood(
        "the file is no DIM store: name another file, which is created if it does not exist");
  }

  private static DimException damaged() {
    return Refusal.forGood(
        "the store's file is damaged: restore it, with its -wal file, from a backup, or copy what"
            + " can still be read into a new file with the .recover command of the sqlite3 program");
  }
}
