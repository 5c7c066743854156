package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The names under which the store keeps things, and the indexes in which they stand. */
final class Keys {
  /** All jobs, newest first. */
  static final String JOBS = "jobs";

  /** Jobs by user, newest first. */
  static final String JOBS_BY_USER = "jobs.user";

  /** Jobs by state, newest first. */
  static final String JOBS_BY_STATE = "jobs.state";

  /** Jobs by user and state, newest first. */
  static final String JOBS_BY_USER_AND_STATE = "jobs.user.state";

  /** Jobs that have not ended, by the epoch of the session that owns them, oldest first. */
  static final String JOBS_BY_OWNER = "jobs.owner";

  /** Ended jobs, oldest end first: see {@link EndOrder}. */
  static final String JOBS_BY_END = "jobs.end";

  /** What was asked for jobs from anywhere and is not moot yet, by job. */
  static final String INTENTS = "intents";

  /** The stream of the commits that ask; no orchestrator can have that name. */
  static final String INTENT_STREAM = "intents/";

  /** Journal entries by job. */
  static final String JOURNAL = "journal";

  private static final String ZEROS = "0".repeat(Long.toString(Long.MAX_VALUE).length());

  private Keys() {}

  static String job(String jobId) {
    return "job/" + jobId;
  }

  static boolean isJob(String key) {
    return key.startsWith("job/");
  }

  /** The job of a key that {@link #job} made. */
  static String jobId(String jobKey) {
    return jobKey.substring("job/".length());
  }

  static String end(String jobId) {
    return "end/" + jobId;
  }

  /** The wish to cancel a job. */
  static String cancel(String jobId) {
    return intent(jobId, "cancel");
  }

  /** The answer to the review that a job asked for under that full step name. */
  static String answer(String jobId, String step) {
    return intent(jobId, "review:" + step);
  }

  private static String intent(String jobId, String what) {
    return "intent/" + intentPrefix(jobId) + what;
  }

  /** The job of a key that {@link #cancel} or {@link #answer} made. */
  static String jobOfIntent(String key) {
    return key.split("/", 3)[1];
  }

  static String intentPrefix(String jobId) {
    return jobId + "/";
  }

  static String idempotency(String userId, String key) {
    return "idem/" + userId + "/" + Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex();
  }

  static String journal(String jobId, String entry) {
    return "journal/" + jobId + "/" + entry;
  }

  static String journalPrefix(String jobId) {
    return jobId + "/";
  }

  /** The indexes of a job that has not ended. */
  static Map<String, String> indexes(JobRecord record) {
    Map<String, String> indexes = lists(record);
    JobRecord.Lifecycle life = record.life();
    indexes.put(JOBS_BY_OWNER, owner(life.epoch()) + digits(life.submittedAt().toEpochMilli()));
    return indexes;
  }

  /**
   * The indexes of an ended job.
   *
   * @param order its place among the ended
   */
  static Map<String, String> indexes(JobRecord record, long order) {
    Map<String, String> indexes = lists(record);
    indexes.put(JOBS_BY_END, digits(order));
    return indexes;
  }

  /** The place among the ended, of a key in their index. */
  static long order(String key) {
    return Long.parseLong(key);
  }

  private static Map<String, String> lists(JobRecord record) {
    String time = newestFirst(record.life().submittedAt());
    String user = record.id().userId() + "/";
    String state = state(record.state());
    Map<String, String> lists = new HashMap<>();
    lists.put(JOBS, time);
    lists.put(JOBS_BY_USER, user + time);
    lists.put(JOBS_BY_STATE, state + time);
    lists.put(JOBS_BY_USER_AND_STATE, user + state + time);
    return lists;
  }

  /** The prefix of a session in the index of owners. */
  static String owner(long epoch) {
    return digits(epoch) + "/";
  }

  /** The prefix of a state in the indexes that have one. */
  static String state(JobState state) {
    return state.name().toLowerCase(Locale.ROOT) + "/";
  }

  private static String newestFirst(Instant time) {
    return digits(Long.MAX_VALUE - EndOrder.micros(time));
  }

  /** As many digits as the largest number has, so that texts sort as the numbers do. */
  private static String digits(long number) {
    String digits = Long.toString(Math.max(0, number));
    return ZEROS.substring(digits.length()) + digits;
  }
}
