package io.powernode.dim.api;

import java.util.Optional;

/**
 * Which jobs to list, newest first.
 *
 * @param userId only jobs of this user
 * @param state only jobs in this state
 * @param cursor where the page before ended, from {@link JobPage#next}; opaque
 * @param limit the most jobs to return, 1..1000
 */
public record JobFilter(
    Optional<String> userId, Optional<JobState> state, Optional<String> cursor, int limit) {

  /** The most jobs of a page. */
  public static final int MAX_LIMIT = 1_000;

  public JobFilter {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "limit: is out of range; allowed: 1 to " + MAX_LIMIT);
    }
  }

  /** Every job, 100 a page. */
  public static JobFilter all() {
    return new JobFilter(Optional.empty(), Optional.empty(), Optional.empty(), 100);
  }

  /** The same filter for one user's jobs. */
  public JobFilter user(String id) {
    return new JobFilter(Optional.of(id), state, cursor, limit);
  }

  /** The same filter for one state. */
  public JobFilter state(JobState value) {
    return new JobFilter(userId, Optional.of(value), cursor, limit);
  }

  /** The same filter with another page size. */
  public JobFilter limit(int value) {
    return new JobFilter(userId, state, cursor, value);
  }

  /** The same filter, from where a page ended. */
  public JobFilter after(String pageEnd) {
    return new JobFilter(userId, state, Optional.of(pageEnd), limit);
  }
}
