package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.util.Map;
import java.util.Set;

/**
 * What a batch depends on, as it is until the transaction ends.
 *
 * @param streams where each stream is, by name
 * @param rows the entries that are there, by key
 * @param sessions the state of the sessions that were ever opened, by epoch
 * @param blobs those of the asked-for blobs that are registered
 */
record Snapshot(
    Map<String, StreamHead> streams,
    Map<String, Row> rows,
    Map<Long, SessionStatus> sessions,
    Set<Digest> blobs) {

  StreamHead head(String stream) {
    return streams.getOrDefault(stream, StreamHead.NEW);
  }

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
