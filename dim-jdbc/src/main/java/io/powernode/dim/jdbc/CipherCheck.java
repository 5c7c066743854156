package io.powernode.dim.jdbc;

import io.powernode.dim.api.DimException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a store's values open with the cipher that it was given. The first and the last are
 * looked at: encrypting anew goes from one to the other, and may have been interrupted.
 */
record CipherCheck(Database database, LargeValues values) {
  private static final String AT_AN_END =
      "SELECT key, version, indexes, blob, value FROM dim_entries WHERE %s ORDER BY key %s LIMIT 1";

  /**
   * Requires that they do.
   *
   * @throws DimException saying what to do, if they do not
   */
  void require() {
    for (StoredRow row : database.read(CipherCheck::ends)) {
      Optional<byte[]> stored = stored(row);
      if (stored.isPresent() && ValueCodec.isWhole(stored.get())) {
        try {
          values.codec().decode(row.key(), stored.get());
        } catch (DimException e) {
          throw Refusal.forGood(e.getMessage(), e);
        }
      }
    }
  }

  /** Values in rows, because they are at hand; large ones if there are no others. */
  private static List<StoredRow> ends(Connection on) throws SQLException {
    List<StoredRow> ends = new ArrayList<>();
    for (String condition : List.of("blob IS NULL", "blob IS NOT NULL")) {
      for (String order : List.of("ASC", "DESC")) {
        try (PreparedStatement select = on.prepareStatement(AT_AN_END.formatted(condition, order));
            ResultSet found = select.executeQuery()) {
          if (found.next()) {
            ends.add(StoredRow.of(found));
          }
        }
      }
      if (!ends.isEmpty()) {
        return ends;
      }
    }
    return ends;
  }

  /**
   * One that is missing or damaged says nothing about the cipher, and is the trouble of who reads
   * it.
   */
  private Optional<byte[]> stored(StoredRow row) {
    try {
      return Optional.of(values.stored(row.cell()));
    } catch (DimException e) {
      return Optional.empty();
    }
  }
}
