package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.util.Map;
import java.util.Set;

/**
 * What a batch depends on, as it is until the transaction ends.
 *
 * @param streams the number of the last change by stream
 * @param rows the entries that are there, by key
 * @param sessions the state of the sessions that were ever opened, by epoch
 * @param blobs those of the asked-for blobs that are registered
 */
record Snapshot(
    Map<String, Long> streams,
    Map<String, Row> rows,
    Map<Long, SessionStatus> sessions,
    Set<Digest> blobs) {

  Row row(String key) {
    return rows.getOrDefault(key, Row.ABSENT);
  }

  boolean is(SessionStatus status, long epoch) {
    return sessions.get(epoch) == status;
  }

  /** Whether a session may write. */
  enum SessionStatus {
    /** It may. */
    LIVE,
    /** It was closed or has expired, for good. */
    ENDED
  }
}
