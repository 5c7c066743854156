package io.powernode.dim.jdbc;

import io.powernode.dim.spi.CommitResult;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a batch of commits in one transaction. Called by one thread at a time. */
final class BatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
  private static final int ATTEMPTS = 10;
  private static final String ADD_STREAM =
      "INSERT INTO dim_streams (name, last, fences) VALUES (?, 0, 0) ON CONFLICT DO NOTHING";

  private final WriterConnection writer;
  private final Dialect dialect;
  private final Set<String> knownStreams = new HashSet<>();
  private boolean isRefusing;

  BatchWriter(WriterConnection writer, Dialect dialect) {
    this.writer = writer;
    this.dialect = dialect;
  }

  /** The answers to the commits in their order; those that committed are durable. */
  List<Answer> write(List<Pending> batch) {
    writer.lock().lock();
    try {
      return underLock(batch);
    } catch (RuntimeException | Error defect) {
      writer.discard();
      throw defect;
    } finally {
      writer.lock().unlock();
    }
  }

  private List<Answer> underLock(List<Pending> batch) {
    Footprint footprint = Footprint.of(batch);
    Optional<BatchPlan> hoped =
        dialect
            .expected(footprint)
            .map(expected -> BatchPlan.of(batch, expected))
            .filter(BatchPlan::commitsAll);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Dialect.Step step = Dialect.Step.READ;
      try {
        Statements on = writer.get();
        addStreams(on, footprint.streams());
        BatchPlan plan =
            hoped.isPresent() ? hoped.get() : BatchPlan.of(batch, dialect.read(on, footprint));
        if (!plan.effects().isEmpty()) {
          step = Dialect.Step.WRITE;
          dialect.write(on, plan, hoped.map(unread -> footprint));
        }
        step = Dialect.Step.COMMIT;
        on.commit();
        dialect.committed(plan);
        succeeded();
        return Answer.of(plan.results());
      } catch (SQLException e) {
        dialect.failed(footprint);
        Fault fault = dialect.fault(e, step);
        if (!dialect.isUndone(e, step)) {
          writer.discard();
          return unknown(batch, fault, e);
        } else if (fault.kind() == Fault.Kind.COLLISION || isDisappointed(hoped, fault)) {
          hoped = Optional.empty();
          writer.rollBack();
        } else {
          writer.discard();
          return fault.kind().blamesOne() && batch.size() > 1
              ? oneByOne(batch)
              : refused(batch, fault, e);
        }
      }
    }
    return all(
        batch, new CommitResult.Refused("other transactions were in the way again and again"));
  }

  /** Whether the statement may have failed only because something was not as expected. */
  private static boolean isDisappointed(Optional<BatchPlan> hoped, Fault fault) {
    return hoped.isPresent() && fault.kind().blamesOne();
  }

  /**
   * In a transaction of their own: what is locked to keep an order must be there for all to see.
   */
  private void addStreams(Statements on, SortedSet<String> streams) throws SQLException {
    for (String stream : streams) {
      if (!knownStreams.contains(stream)) {
        on.update(ADD_STREAM, stream);
        on.commit();
        knownStreams.add(stream);
      }
    }
  }

  /** One of the commits asks for what the database cannot do; the others must not suffer. */
  private List<Answer> oneByOne(List<Pending> batch) {
    List<Answer> results = new ArrayList<>();
    batch.forEach(pending -> results.addAll(underLock(List.of(pending))));
    return results;
  }

  /** Said once, since while a database is away many will ask again and again. */
  private List<Answer> refused(List<Pending> batch, Fault fault, SQLException e) {
    if (fault.kind() == Fault.Kind.IMPOSSIBLE) {
      return List.of(new Answer.Impossible(fault.asException(e)));
    } else if (isRefusing) {
      LOG.debug("commits are refused: {}", fault.reason());
    } else {
      isRefusing = true;
      LOG.warn(
          "commits are refused: {} (SQLSTATE {}, code {})",
          fault.reason(),
          e.getSQLState(),
          e.getErrorCode());
    }
    return all(batch, new CommitResult.Refused(fault.reason()));
  }

  private void succeeded() {
    if (isRefusing) {
      isRefusing = false;
      LOG.info("commits are written again");
    }
  }

  private static List<Answer> unknown(List<Pending> batch, Fault fault, SQLException e) {
    LOG.warn(
        "the answer for {} commits was lost: {} (SQLSTATE {}, code {})",
        batch.size(),
        fault.reason(),
        e.getSQLState(),
        e.getErrorCode());
    return batch.stream()
        .<Answer>map(p -> new Answer.Result(new CommitResult.Unknown(p.commit().transactionId())))
        .toList();
  }

  private static List<Answer> all(List<Pending> batch, CommitResult result) {
    return Collections.nCopies(batch.size(), new Answer.Result(result));
  }
}
