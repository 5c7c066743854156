package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the records of jobs. Thread-safe. */
record JobBook(StateStore store, DimJson json) {
  private static final Logger LOG = LoggerFactory.getLogger(JobBook.class);
  private static final int PAGE = 500;

  /** What is kept of an ended job besides its record. */
  record End(Optional<JobResult> result, List<TraceStep> trace) {
    End {
      trace = List.copyOf(trace);
    }
  }

  /** A record and its version in the store. */
  record Versioned(JobRecord record, long version) {}

  /** Records in an order, and where to go on. */
  record Listing(List<JobRecord> records, Optional<String> next) {}

  /**
   * That an idempotency key was used, and for what.
   *
   * @param cost what the job was expected to cost
   */
  record IdempotentUse(String jobId, Digest spec, long cost) {}

  /** Writes the record of a job that has not ended. */
  Write put(JobRecord record) {
    return new Write.Put(Keys.job(record.jobId()), new Stored(record, json), Keys.indexes(record));
  }

  /**
   * Writes the record of an ended job.
   *
   * @param order its place among the ended: see {@link EndOrder}
   */
  Write putEnded(JobRecord record, long order) {
    return new Write.Put(
        Keys.job(record.jobId()), new Stored(record, json), Keys.indexes(record, order));
  }

  Write put(String jobId, End end) {
    return Write.Put.of(Keys.end(jobId), new Stored(end, json));
  }

  Write put(Intent intent) {
    Map<String, String> index = Map.of(Keys.INTENTS, Keys.intentPrefix(intent.jobId()));
    return new Write.Put(intent.key(), new Stored(intent, json), index);
  }

  /** What was asked for a job and is not moot. */
  List<Intent> intents(String jobId) {
    return intentsUnder(Keys.intentPrefix(jobId));
  }

  /** What was asked for any job and is not moot. */
  List<Intent> intents() {
    return intentsUnder("");
  }

  private List<Intent> intentsUnder(String prefix) {
    List<Intent> intents = new ArrayList<>();
    scan(
        Keys.INTENTS,
        prefix,
        page ->
            page.entries().forEach(entry -> readable(entry, Intent.class).ifPresent(intents::add)));
    return intents;
  }

  /** The answer to a review that was handed in, if one was. */
  Optional<Intent.Answer> answer(String jobId, String step) {
    return read(Keys.answer(jobId, step), Intent.class).map(Intent.Answer.class::cast);
  }

  Write put(String key, Object value) {
    return Write.Put.of(key, new Stored(value, json));
  }

  /** The record of a job; {@link ErrorCode#UNKNOWN_JOB} if there is none. */
  Versioned require(String jobId) {
    return find(jobId).orElseThrow(() -> unknown(jobId));
  }

  Optional<Versioned> find(String jobId) {
    return store.get(Keys.job(jobId)).map(this::versioned);
  }

  Optional<End> end(String jobId) {
    return read(Keys.end(jobId), End.class);
  }

  IdempotentUse use(StateStore.Entry entry) {
    return Stored.read(IdempotentUse.class, entry.value(), json);
  }

  <T> Optional<T> read(String key, Class<T> type) {
    return store.get(key).map(entry -> Stored.read(type, entry.value(), json));
  }

  /** A page of jobs, newest first. */
  Listing list(JobFilter filter) {
    String index;
    String prefix;
    if (filter.userId().isPresent()) {
      index = filter.state().isPresent() ? Keys.JOBS_BY_USER_AND_STATE : Keys.JOBS_BY_USER;
      prefix = filter.userId().get() + "/" + filter.state().map(Keys::state).orElse("");
    } else {
      index = filter.state().isPresent() ? Keys.JOBS_BY_STATE : Keys.JOBS;
      prefix = filter.state().map(Keys::state).orElse("");
    }
    StateStore.Page page = store.scan(index, prefix, filter.cursor(), filter.limit());
    List<JobRecord> records = readable(page).stream().map(Versioned::record).toList();
    return new Listing(records, page.next());
  }

  /** The jobs of a session that have not ended, oldest first, page by page, readable or not. */
  void ownedBy(long epoch, Consumer<List<StateStore.Entry>> pages) {
    scan(Keys.JOBS_BY_OWNER, Keys.owner(epoch), page -> pages.accept(page.entries()));
  }

  /** How many ended jobs there are, readable or not. */
  long countEnded() {
    return store.count(Keys.JOBS_BY_END, "");
  }

  /** The highest place among the ended. */
  Optional<Long> lastEnd() {
    return store.lastKey(Keys.JOBS_BY_END).map(Keys::order);
  }

  /** Ended jobs, those that ended first before the others, readable or not. */
  StateStore.Page ended(Optional<String> after, int limit) {
    return store.scan(Keys.JOBS_BY_END, "", after, limit);
  }

  /** The writes that remove a job's journal as it is in the store, readable or not. */
  List<Write> journalDeletions(String jobId) {
    return deletions(Keys.JOURNAL, Keys.journalPrefix(jobId));
  }

  /** The writes that remove what was asked for any job and is not moot, readable or not. */
  List<Write> intentDeletions() {
    return deletions(Keys.INTENTS, "");
  }

  private List<Write> deletions(String index, String prefix) {
    List<Write> deletions = new ArrayList<>();
    scan(
        index,
        prefix,
        page -> page.entries().forEach(entry -> deletions.add(new Write.Delete(entry.key()))));
    return deletions;
  }

  private void scan(String index, String prefix, Consumer<StateStore.Page> pages) {
    Optional<String> after = Optional.empty();
    do {
      StateStore.Page page = store.scan(index, prefix, after, PAGE);
      pages.accept(page);
      after = page.next();
    } while (after.isPresent());
  }

  /** The record of an entry; empty if it cannot be read here, as when its pattern is unknown. */
  Optional<JobRecord> readable(StateStore.Entry entry) {
    return readable(entry, JobRecord.class);
  }

  private <T> Optional<T> readable(StateStore.Entry entry, Class<T> type) {
    try {
      return Optional.of(Stored.read(type, entry.value(), json));
      // A specification is a plugin's, which may lack a class or a method here.
    } catch (RuntimeException | Error e) {
      LOG.error("entry {} cannot be read here and is left out", entry.key(), e);
      return Optional.empty();
    }
  }

  /** One job that cannot be read must not keep the others from being found. */
  private List<Versioned> readable(StateStore.Page page) {
    List<Versioned> found = new ArrayList<>();
    for (StateStore.Entry entry : page.entries()) {
      readable(entry).ifPresent(record -> found.add(new Versioned(record, entry.version())));
    }
    return found;
  }

  Versioned versioned(StateStore.Entry entry) {
    return new Versioned(Stored.read(JobRecord.class, entry.value(), json), entry.version());
  }

  static DimException unknown(String jobId) {
    return new DimException(
        ErrorInfo.of(ErrorCode.UNKNOWN_JOB, "there is no such job").about("job", jobId));
  }
}
