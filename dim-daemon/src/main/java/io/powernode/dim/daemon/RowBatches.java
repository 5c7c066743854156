package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a cursor in batches. Rows outside of the time range are left out, but they too are
 * digested: at the end the rows must be those that the cabinet was opened with.
 */
final class RowBatches implements Batches {
  private final CabinetScan scan;
  private final CabinetForm form;
  private final RowCursor cursor;
  private final Optional<TimeRange> timeRange;
  private final int batchRows;
  private final RowBuffer buffer;
  private final RowIds ids;
  private final MessageDigest sha;
  private boolean ended;
  private long ordinal;

  RowBatches(CabinetScan scan, RowCursor cursor, Optional<TimeRange> timeRange, int batchRows) {
    this.scan = scan;
    this.form = scan.form();
    this.cursor = cursor;
    this.timeRange = timeRange;
    this.batchRows = batchRows;
    this.buffer = new RowBuffer(form);
    this.ids = scan.rowIds();
    this.sha = form.startDigest();
  }

  /** Refuses what no cabinet can read. */
  static void require(CabinetForm form, Optional<TimeRange> timeRange, int batchRows) {
    if (batchRows < 1) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "batchRows: is too small; allowed: 1 or more");
    }
    if (timeRange.isPresent() && form.timeColumn().isEmpty()) {
      throw new DimException(
          ErrorCode.DATA_UNAVAILABLE, "timeRange: the cabinet declares no time column");
    }
  }

  @Override
  public Optional<Batch> next() {
    List<String> rowIds = new ArrayList<>();
    while (!ended && rowIds.size() < batchRows) {
      buffer.begin();
      if (!cursor.next(buffer)) {
        ended = true;
        requireUnchanged();
        break;
      }
      buffer.digest(sha);
      ordinal++;
      if (isWanted()) {
        rowIds.add(rowId());
      } else {
        buffer.drop();
      }
    }
    return rowIds.isEmpty() ? Optional.empty() : Optional.of(buffer.take(rowIds.size(), rowIds));
  }

  @Override
  public void close() {
    ended = true;
    cursor.close();
  }

  private boolean isWanted() {
    if (timeRange.isEmpty()) {
      return true;
    }
    String column = form.timeColumn().orElseThrow();
    return timeRange.get().contains(CabinetScan.day(buffer, cursor.rowNumber(), column));
  }

  private String rowId() {
    if (form.identity().column().isEmpty()) {
      return ids.ofNumber(ordinal);
    }
    return form.identity().pseudonymous() ? buffer.id() : ids.ofId(buffer.id());
  }

  private void requireUnchanged() {
    if (!Digest.finish(sha).equals(scan.content())) {
      throw new DimException(
          ErrorCode.DATA_UNAVAILABLE, "the rows of the cabinet changed since it was opened");
    }
  }
}
