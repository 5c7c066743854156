package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.micros;
import static io.powernode.dim.benchmarks.Quantity.p50;
import static io.powernode.dim.benchmarks.Quantity.perSecond;

import io.powernode.dim.jdbc.PostgresServer;
import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import java.util.ArrayList;
import java.util.List;

/** What it costs to lose nothing: jobs on SQLite and PostgreSQL beside bare commits and peers. */
final class DurablePlan {
  private static final int[] CALLERS = {1, 16, 128};
  private static final String CHAIN = "chain of 3, ";
  private static final String COMMIT = "bare commit, ";
  private static final String WRITER = "bare group-commit writer, SQLite, ";
  private static final String DBOS = "DBOS Transact chain of 3, ";

  private final List<Measure> measures = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final String server;

  private DurablePlan(String server) {
    this.server = server;
  }

  static Plan plan() {
    DurablePlan plan = new DurablePlan(server());
    plan.sqlite();
    plan.postgres();
    return new Plan(plan.measures, plan.targets);
  }

  /** One server for all processes. Where there is none, those that need it fail and say why. */
  private static String server() {
    try {
      return PostgresServer.shared().freshDatabase();
    } catch (PostgresUnavailable none) {
      return "";
    }
  }

  private void sqlite() {
    add(Measure.times(COMMIT + "SQLite", BareCommitBenchmark.class, "commit"), Database.SQLITE);
    for (int callers : CALLERS) {
      add(chain("SQLite", callers), Database.SQLITE);
      if (callers > 1) {
        add(Measure.times(WRITER + of(callers), BareWriterBenchmark.class, "job").callers(callers));
        targets.add(
            Target.atLeast(
                CHAIN + "SQLite, " + of(callers),
                ">= 50 % of the bare group-commit writer at equal rows and bytes",
                perSecond(CHAIN + "SQLite, " + of(callers)),
                perSecond(WRITER + of(callers)).times(0.5),
                Target.Unit.PER_SECOND));
      } else {
        targets.add(
            Target.atMost(
                CHAIN + "SQLite, submit to durable result, one caller",
                "p50 <= 2 x one bare commit + 1 ms",
                p50(CHAIN + "SQLite, " + of(1)),
                p50(COMMIT + "SQLite").times(2).plus(micros(1000)),
                Target.Unit.MICROS));
      }
    }
  }

  private void postgres() {
    add(
        Measure.times(COMMIT + "PostgreSQL", BareCommitBenchmark.class, "commit"),
        Database.POSTGRES);
    for (int callers : CALLERS) {
      add(chain("PostgreSQL", callers), Database.POSTGRES);
      add(Measure.times(DBOS + of(callers), DbosBenchmark.class, "chain").callers(callers));
      targets.add(
          Target.atMost(
              CHAIN + "PostgreSQL, submit to durable result, " + of(callers),
              "p50 <= 2.5 x one bare commit + 1 ms",
              p50(CHAIN + "PostgreSQL, " + of(callers)),
              p50(COMMIT + "PostgreSQL").times(2.5).plus(micros(1000)),
              Target.Unit.MICROS));
      int factor = callers == 1 ? 3 : 5;
      targets.add(
          Target.atLeast(
              CHAIN + "PostgreSQL, " + of(callers),
              "throughput >= " + factor + " x DBOS Transact's",
              perSecond(CHAIN + "PostgreSQL, " + of(callers)),
              perSecond(DBOS + of(callers)).times(factor),
              Target.Unit.PER_SECOND));
    }
  }

  private static Measure chain(String database, int callers) {
    return Measure.times(CHAIN + database + ", " + of(callers), DurableBenchmark.class, "chain")
        .callers(callers);
  }

  private static String of(int callers) {
    return callers == 1 ? "1 caller" : callers + " callers";
  }

  private void add(Measure measure, String kind) {
    add(measure.with("kind", kind, kind));
  }

  private void add(Measure measure) {
    measures.add(
        server.isEmpty() ? measure : measure.jvm("-D" + PostgresServer.EXISTING + "=" + server));
  }
}
