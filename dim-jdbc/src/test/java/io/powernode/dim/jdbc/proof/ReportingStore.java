package io.powernode.dim.jdbc.proof;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.ForwardingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A store that reports what became of every commit before its orchestrator hears of it. */
final class ReportingStore extends ForwardingStore {
  private final Reports reports;
  private final Map<String, Unsure> unsure = new ConcurrentHashMap<>();

  ReportingStore(StateStore store, Reports reports) {
    super(store);
    this.reports = reports;
  }

  /** A commit whose answer was lost. */
  private record Unsure(Commit commit, long handedIn) {}

  @Override
  public CompletionStage<CommitResult> commit(Commit commit) {
    long handedIn = System.nanoTime();
    return super.commit(commit)
        .thenApply(
            result -> {
              report(commit, handedIn, result);
              return result;
            });
  }

  /** What a process is told on looking up counts like an answer. */
  @Override
  public Outcome lookup(String transactionId) {
    Outcome outcome = super.lookup(transactionId);
    Optional.ofNullable(unsure.remove(transactionId))
        .ifPresent(
            lost -> {
              reports.tell(Auditor.RESOLVED, epoch(lost.commit), outcome.toString());
              if (outcome == Outcome.COMMITTED) {
                reportDurable(lost.commit, lost.handedIn);
              }
            });
    return outcome;
  }

  private void report(Commit commit, long handedIn, CommitResult result) {
    if (result instanceof CommitResult.Committed) {
      reportDurable(commit, handedIn);
    } else if (result instanceof CommitResult.Conflict conflict) {
      String guard = conflict.failed().getClass().getSimpleName();
      reports.tell(Auditor.CONFLICT, epoch(commit), guard);
    } else if (result instanceof CommitResult.Unknown) {
      unsure.put(commit.transactionId(), new Unsure(commit, handedIn));
      reports.tell(Auditor.UNSURE, epoch(commit));
    } else {
      reports.tell(Auditor.DENIED, epoch(commit), result.toString());
    }
  }

  private void reportDurable(Commit commit, long handedIn) {
    List<String> line =
        new ArrayList<>(List.of(Auditor.DURABLE, epoch(commit), Long.toString(handedIn)));
    commit.writes().stream().filter(Write.Put.class::isInstance).map(Write::key).forEach(line::add);
    reports.tell(line.toArray(String[]::new));
  }

  /** Of the session that the commit relies on; 0 if it relies on none. */
  private static String epoch(Commit commit) {
    return commit.guards().stream()
        .filter(Guard.LiveSession.class::isInstance)
        .map(guard -> Long.toString(((Guard.LiveSession) guard).epoch()))
        .findFirst()
        .orElse("0");
  }
}
