package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import io.powernode.dim.spi.BlobStore;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes blobs to which no entry has referred for a while: what was replaced or deleted, and what
 * was written for a commit that never came. One thread; other processes may sweep as well.
 */
final class BlobSweep implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(BlobSweep.class);
  private static final int PAGE = 500;

  /** From then on it counts as gone: no commit may refer to it any more. */
  private static final String CONDEMN =
      "UPDATE dim_blobs SET refs = -1 WHERE digest = ? AND refs <= 0 AND touched = ?";

  private static final String FORGET = "DELETE FROM dim_blobs WHERE digest = ? AND refs < 0";

  private final Database database;
  private final BlobStore blobs;
  private final LongSupplier nanoTime;
  private final long graceNanos;
  private Map<String, Sighting> seen = new HashMap<>();

  /**
   * A sweep.
   *
   * @param grace how long a blob stays after it was last touched, so that a commit on its way finds
   *     it, and whoever has just read an entry can still read its value
   */
  BlobSweep(Database database, BlobStore blobs, LongSupplier nanoTime, Duration grace) {
    this.database = database;
    this.blobs = blobs;
    this.nanoTime = nanoTime;
    this.graceNanos = grace.toNanos();
  }

  /** When a blob without references was first seen, touched as often as it still is. */
  private record Sighting(long touched, long nanos) {}

  @Override
  public void run() {
    Map<String, Sighting> stillSeen = new HashMap<>();
    String after = "";
    Map<String, Long> page;
    do {
      page = unreferenced(after);
      for (Map.Entry<String, Long> blob : page.entrySet()) {
        String digest = blob.getKey();
        long touched = blob.getValue();
        Sighting first = seen.get(digest);
        if (first == null || first.touched != touched) {
          first = new Sighting(touched, nanoTime.getAsLong());
        }
        if (nanoTime.getAsLong() - first.nanos < graceNanos || !remove(digest, touched)) {
          stillSeen.put(digest, first);
        }
        after = after.compareTo(digest) < 0 ? digest : after;
      }
    } while (page.size() == PAGE);
    seen = stillSeen;
  }

  private Map<String, Long> unreferenced(String after) {
    return database.read(
        on -> {
          Map<String, Long> found = new HashMap<>();
          try (PreparedStatement select =
              on.prepareStatement(
                  "SELECT digest, touched FROM dim_blobs WHERE refs <= 0 AND digest > ?"
                      + " ORDER BY digest LIMIT ?")) {
            select.setString(1, after);
            select.setInt(2, PAGE);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
              }
            }
          }
          return found;
        });
  }

  /**
   * A transaction each: whoever stands still or ends between them leaves what nobody can refer to
   * any more, and what is removed by the next sweep.
   *
   * @return whether there is nothing left to do
   */
  private boolean remove(String digest, long touched) {
    if (database.write(on -> on.update(CONDEMN, digest, touched)) == 0) {
      return false;
    }
    try {
      blobs.delete(new Digest(digest));
    } catch (IOException e) {
      LOG.warn("blob {} cannot be removed now", digest, e);
      return false;
    }
    database.write(on -> on.update(FORGET, digest));
    return true;
  }
}
