package io.powernode.dim.jdbc;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A commit that waits to be written.
 *
 * @param commit what was handed in
 * @param cells what to store for each key that is put
 * @param bytes about how much there is to write
 * @param answer completes with the result
 */
record Pending(
    Commit commit, Map<String, Cell> cells, long bytes, CompletableFuture<CommitResult> answer) {
  private static final long OVERHEAD = 256;

  static Pending of(Commit commit, Map<String, Cell> cells) {
    long bytes = OVERHEAD;
    for (Cell cell : cells.values()) {
      bytes += OVERHEAD + cell.bytes().map(b -> b.length).orElse(0);
    }
    return new Pending(commit, cells, bytes, new CompletableFuture<>());
  }

  /** Refuses text that the databases do not hold. */
  static void check(Commit commit) {
    checkKey("stream", commit.stream());
    Texts.require("transactionId", commit.transactionId());
    for (Guard guard : commit.guards()) {
      if (guard instanceof Guard.Absent absent) {
        checkKey("guard's key", absent.key());
      } else if (guard instanceof Guard.AtVersion at) {
        checkKey("guard's key", at.key());
      }
    }
    for (Write write : commit.writes()) {
      checkKey("key", write.key());
      if (write instanceof Write.Put put) {
        put.indexes().forEach((index, indexKey) -> checkIndexKey(index, indexKey, put.key()));
      }
    }
  }

  private static void checkKey(String field, String key) {
    Texts.require(field, key);
    Texts.requireShort(field, key);
  }

  private static void checkIndexKey(String index, String indexKey, String key) {
    Texts.require("index", index);
    Texts.require("index key", indexKey);
    Texts.requireShort("index, index key and key together", index, indexKey, key);
  }
}
