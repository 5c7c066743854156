package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.spi.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that stay on the node between the tasks of a job, in bounded memory: until the job has
 * ended, or nobody has used them for a time. Nothing is dropped to make room, since a job that lost
 * its rows would only make them again. The jobs that ended last are remembered, since a task may
 * end after its job. Thread-safe.
 */
final class KeptRows {
  /** How many ended jobs are remembered. */
  static final int ENDED_JOBS = 10_000;

  private final Environment environment;
  private final Size size;
  private final Object lock = new Object();
  private final Map<Key, Entry> entries = new HashMap<>();
  private final Set<String> ended = new LinkedHashSet<>();
  private long taken;

  /**
   * How much and how long.
   *
   * @param bytes of all rows together, 0 or more
   * @param unused how long rows stay that nobody uses; above 0
   */
  record Size(long bytes, Duration unused) {}

  private record Key(String jobId, String handle) {}

  private static final class Entry {
    private final RowSet rows;
    private long usedAt;
    private Subscription timer = () -> {};

    Entry(RowSet rows, long usedAt) {
      this.rows = rows;
      this.usedAt = usedAt;
    }
  }

  KeptRows(Environment environment, Size size) {
    this.environment = environment;
    this.size = size;
  }

  /**
   * Takes room for rows that may become a set.
   *
   * @throws DimException with {@link ErrorCode#OVERLOADED} if there is none, and if there never
   *     will be, one that is not to be tried again
   */
  void reserve(long bytes, long sofar) {
    synchronized (lock) {
      if (taken + bytes > size.bytes()) {
        boolean never = sofar + bytes > size.bytes();
        ErrorInfo full =
            ErrorInfo.of(
                ErrorCode.OVERLOADED,
                never
                    ? "the node has not as much room for rows that stay"
                    : "the node's room for rows that stay is taken; try again later");
        throw new DimException(
            never ? new ErrorInfo(full.code(), full.message(), false, full.subject()) : full);
      }
      taken += bytes;
    }
  }

  /** Gives room back that no set has taken over. */
  void giveBack(long bytes) {
    synchronized (lock) {
      taken -= bytes;
    }
  }

  /**
   * Keeps rows, for which there is room already; answers their handle.
   *
   * @throws DimException with {@link ErrorCode#CANCELLED} if the job has ended
   */
  String keep(String jobId, RowSet rows) {
    Key key = new Key(jobId, environment.newId("rows"));
    synchronized (lock) {
      if (ended.contains(jobId)) {
        throw new DimException(ErrorCode.CANCELLED, "the job has ended: its rows do not stay");
      }
      Entry entry = new Entry(rows, environment.nanoTime());
      entries.put(key, entry);
      entry.timer = environment.schedule(size.unused(), () -> expire(key));
    }
    return key.handle();
  }

  /**
   * The rows under a handle of a job.
   *
   * @throws DimException with {@link ErrorCode#ROWS_LOST} if there are none
   */
  RowSet find(String jobId, String handle) {
    synchronized (lock) {
      Entry entry = entries.get(new Key(jobId, handle));
      if (entry == null) {
        throw new DimException(
            ErrorCode.ROWS_LOST,
            "the rows of an earlier task are not here any more: the node restarted, or nobody used"
                + " them for too long");
      }
      entry.usedAt = environment.nanoTime();
      return entry.rows;
    }
  }

  /** A secret of one set's own. */
  byte[] salt() {
    byte[] salt = new byte[32];
    environment.random().nextBytes(salt);
    return salt;
  }

  /** Forgets the rows under a handle of a job; nothing happens if there are none. */
  void drop(String jobId, String handle) {
    synchronized (lock) {
      forget(new Key(jobId, handle));
    }
  }

  /** Forgets the rows of a job, which has ended. */
  void release(String jobId) {
    synchronized (lock) {
      ended.remove(jobId);
      ended.add(jobId);
      if (ended.size() > ENDED_JOBS) {
        ended.remove(ended.iterator().next());
      }
      List<Key> ofJob = entries.keySet().stream().filter(k -> k.jobId().equals(jobId)).toList();
      ofJob.forEach(this::forget);
    }
  }

  /** Forgets everything. */
  void clear() {
    synchronized (lock) {
      new ArrayList<>(entries.keySet()).forEach(this::forget);
    }
  }

  private void expire(Key key) {
    synchronized (lock) {
      Entry entry = entries.get(key);
      if (entry == null) {
        return;
      }
      Duration left = size.unused().minusNanos(environment.nanoTime() - entry.usedAt);
      if (left.isNegative() || left.isZero()) {
        forget(key);
      } else {
        entry.timer = environment.schedule(left, () -> expire(key));
      }
    }
  }

  private void forget(Key key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      entry.timer.close();
      taken -= entry.rows.bytes();
    }
  }
}
