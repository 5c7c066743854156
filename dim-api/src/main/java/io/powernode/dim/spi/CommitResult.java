package io.powernode.dim.spi;

/** What became of a commit. */
public sealed interface CommitResult {
  /**
   * It took effect and is durable.
   *
   * @param at its number in its stream, from 1
   */
  record Committed(long at) implements CommitResult {}

  /**
   * A guard did not hold; nothing changed.
   *
   * @param failed the first guard that did not hold
   */
  record Conflict(Commit.Guard failed) implements CommitResult {}

  /**
   * The store refused before anything changed; the same commit may succeed later.
   *
   * @param reason why, for a person: disk full, connection lost
   */
  record Refused(String reason) implements CommitResult {}

  /**
   * It may or may not have taken effect; {@link StateStore#lookup} tells.
   *
   * @param transactionId whose answer was lost
   */
  record Unknown(String transactionId) implements CommitResult {}
}
