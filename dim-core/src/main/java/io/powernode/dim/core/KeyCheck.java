package io.powernode.dim.core;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;

/** Refuses the keys that no store keeps, so that the one in memory hides no mistake. */
final class KeyCheck {
  private static final int MOST_BYTES = 2_600;

  private KeyCheck() {}

  /**
   * Does nothing if all names in a commit can be kept.
   *
   * @throws IllegalArgumentException saying which cannot, and what is allowed
   */
  static void require(Commit commit) {
    require("stream", commit.stream());
    requireText("transactionId", commit.transactionId());
    for (Guard guard : commit.guards()) {
      if (guard instanceof Guard.Absent absent) {
        require("guard's key", absent.key());
      } else if (guard instanceof Guard.AtVersion at) {
        require("guard's key", at.key());
      }
    }
    for (Write write : commit.writes()) {
      require("key", write.key());
      if (write instanceof Write.Put put) {
        put.indexes()
            .forEach(
                (index, indexKey) ->
                    require("index, index key and key together", index, indexKey, put.key()));
      }
    }
  }

  private static void require(String field, String... texts) {
    for (String text : texts) {
      requireText(field, text);
    }
    if (!Texts.isWithin(MOST_BYTES, texts)) {
      throw new IllegalArgumentException(
          field + ": is too long; allowed: " + MOST_BYTES + " bytes in UTF-8");
    }
  }

  private static void requireText(String field, String text) {
    if (!Texts.isKey(text)) {
      throw new IllegalArgumentException(
          field + ": holds U+0000 or an unpaired surrogate; allowed: other text");
    }
  }
}
