package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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

  Write put(JobRecord record) {
    return new Write.Put(Keys.job(record.jobId()), new Stored(record, json), Keys.indexes(record));
  }

  Write put(String jobId, End end) {
    return Write.Put.of(Keys.end(jobId), new Stored(end, json));
  }

  Write putCancel(String jobId) {
    Map<String, String> index = Map.of(Keys.CANCELS, jobId);
    return new Write.Put(Keys.cancel(jobId), new Stored(Boolean.TRUE, json), index);
  }

  boolean isCancelled(String jobId) {
    return store.get(Keys.cancel(jobId)).isPresent();
  }

  /** The jobs that are to be cancelled, page by page. */
  void cancelled(Consumer<String> jobIds) {
    scan(
        Keys.CANCELS,
        "",
        page -> page.entries().forEach(entry -> jobIds.accept(Keys.jobOfCancel(entry.key()))));
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

  /** All jobs in one state, page by page. */
  void inState(JobState state, Consumer<List<Versioned>> pages) {
    scan(Keys.JOBS_BY_STATE, Keys.state(state), page -> pages.accept(readable(page)));
  }

  /** How many ended jobs there are, readable or not. */
  int countEnded() {
    AtomicInteger count = new AtomicInteger();
    scan(Keys.JOBS_BY_END, "", page -> count.addAndGet(page.entries().size()));
    return count.get();
  }

  /** The jobs that ended first, readable or not. */
  List<StateStore.Entry> oldestEnded(int limit) {
    return store.scan(Keys.JOBS_BY_END, "", Optional.empty(), limit).entries();
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
    try {
      return Optional.of(versioned(entry).record());
    } catch (RuntimeException e) {
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

  private Versioned versioned(StateStore.Entry entry) {
    return new Versioned(Stored.read(JobRecord.class, entry.value(), json), entry.version());
  }

  static DimException unknown(String jobId) {
    return new DimException(
        ErrorInfo.of(ErrorCode.UNKNOWN_JOB, "there is no such job").about("job", jobId));
  }
}
