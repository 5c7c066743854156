package io.powernode.dim.daemon;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;

/**
 * What one pass over all rows of a cabinet finds out.
 *
 * @param form how the rows are laid out
 * @param rows how many there are
 * @param content digest of form and rows, which never leaves: whoever knows it can make row ids
 */
record CabinetScan(CabinetForm form, long rows, Digest content) {

  /** Reads every row once, so that no bad one is met later; memory grows with ids only. */
  static CabinetScan of(CabinetForm form, RowCursor cursor) {
    MessageDigest sha = form.startDigest();
    RowBuffer buffer = new RowBuffer(form);
    Set<String> ids = new HashSet<>();
    long rows = 0;
    buffer.begin();
    while (cursor.next(buffer)) {
      buffer.digest(sha);
      form.timeColumn().ifPresent(time -> day(buffer, cursor.rowNumber(), time));
      form.identity().column().ifPresent(id -> requireNew(ids, buffer, cursor.rowNumber(), id));
      buffer.drop();
      buffer.begin();
      rows++;
    }
    return new CabinetScan(form, rows, Digest.finish(sha));
  }

  /** The cabinet's public face. The fingerprint is a digest of the digest, so that it keeps it. */
  CabinetDescriptor descriptor() {
    return new CabinetDescriptor(
        form.name(),
        form.dataType(),
        rows,
        form.features(),
        form.label(),
        form.timeColumn(),
        Digest.of(derived("fingerprint")));
  }

  RowIds rowIds() {
    return new RowIds(derived("row ids"));
  }

  /** The day of the row that was read last. */
  static LocalDate day(RowBuffer buffer, long row, String column) {
    try {
      return LocalDate.parse(buffer.day());
    } catch (DateTimeParseException e) {
      throw RowFault.at(row, column, "is not a day", "YYYY-MM-DD");
    }
  }

  private byte[] derived(String purpose) {
    return (purpose + " of " + content).getBytes(StandardCharsets.UTF_8);
  }

  private static void requireNew(Set<String> ids, RowBuffer buffer, long row, String column) {
    if (!ids.add(buffer.id())) {
      throw RowFault.at(row, column, "repeats the id of an earlier row", "unique ids");
    }
  }
}
