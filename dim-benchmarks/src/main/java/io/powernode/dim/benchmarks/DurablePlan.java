package io.powernode.dim.benchmarks;

import static io.powernode.dim.benchmarks.Quantity.counted;
import static io.powernode.dim.benchmarks.Quantity.micros;
import static io.powernode.dim.benchmarks.Quantity.p50;
import static io.powernode.dim.benchmarks.Quantity.perSecond;
import static io.powernode.dim.benchmarks.Target.Unit.MICROS;

import io.powernode.dim.jdbc.PostgresServer;
import io.powernode.dim.jdbc.PostgresServer.PostgresUnavailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What it costs to lose nothing: jobs on SQLite and PostgreSQL beside bare commits and peers. */
final class DurablePlan {
  private static final int[] CALLERS = {1, 16, 128};
  private static final String CHAIN = "chain of 3, ";
  private static final String COMMIT = "bare commit, ";
  private static final String WRITER = "bare group-commit writer, SQLite, ";
  private static final String TEMPORAL = "Temporal chain of 3, ";
  private static final String ORCHESTRATORS = "%s, 16 callers each, PostgreSQL";
  private static final String DBOS = "DBOS Transact chain of 3, ";

  private final List<Measure> measures = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final String[] jvm;

  private DurablePlan(String... jvm) {
    this.jvm = jvm;
  }

  /** Nothing is built only to see that all of it works. */
  static Plan plan(Effort effort) {
    Optional<Path> temporal =
        effort.isSmoke() ? TemporalProgram.find() : TemporalProgram.findOrBuild();
    DurablePlan plan =
        new DurablePlan(
            "-D" + PostgresServer.EXISTING + "=" + server(),
            "-D" + FullStore.FOLDER + "=" + FullStore.folder(),
            "-D" + TemporalBenchmark.PROGRAM + "=" + temporal.map(Path::toString).orElse(""));
    plan.sqlite();
    plan.postgres();
    plan.temporal(temporal.isPresent());
    plan.fullStore();
    plan.orchestrators();
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
                MICROS));
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
              MICROS));
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

  private void temporal(boolean isServer) {
    String which = isServer ? "dev server on SQLite" : "in-JVM test server, which keeps nothing";
    String peer = TEMPORAL + which + ", " + of(16);
    add(Measure.times(peer, TemporalBenchmark.class, "chain").callers(16));
    targets.add(
        Target.atLeast(
            CHAIN + "SQLite, " + of(16),
            "throughput >= 20 x that of Temporal's " + which,
            perSecond(CHAIN + "SQLite, " + of(16)),
            perSecond(peer).times(20),
            Target.Unit.PER_SECOND));
  }

  private void fullStore() {
    for (String call : List.of("submit", "list")) {
      String empty = call + ", 100 finished jobs in SQLite";
      String full = call + ", 1,000,000 finished jobs in SQLite";
      add(Measure.times(empty, FullStoreBenchmark.class, call).with("jobs", "100", "100"));
      add(Measure.times(full, FullStoreBenchmark.class, call).with("jobs", "1000", "1000000"));
      targets.add(
          Target.atMost(
              full, "p50 <= 1.5 x of an empty store", p50(full), p50(empty).times(1.5), MICROS));
    }
    String restart = "restart with 10,000 running jobs and 1,000,000 finished ones in SQLite";
    add(
        Measure.runs(restart, RestartBenchmark.class, "ready")
            .with("jobs", "1000", "1000000")
            .with("running", "100", "10000"),
        Pace.COLD);
    targets.add(
        Target.atMost(
            restart,
            "every job has an owner, and one more is accepted, in < 5 s",
            p50(restart),
            micros(5e6),
            Target.Unit.MILLIS));
  }

  private void orchestrators() {
    String one = ORCHESTRATORS.formatted("1 orchestrator");
    for (int count = 1; count <= 3; count++) {
      String id = ORCHESTRATORS.formatted(count == 1 ? "1 orchestrator" : count + " orchestrators");
      String number = Integer.toString(count);
      add(
          Measure.rate(id, OrchestratorsBenchmark.class, "chain", 16 * count)
              .with("orchestrators", number, number));
      if (count > 1) {
        targets.add(
            Target.atMost(
                id,
                "trips to the database a job <= 1.1 x of one orchestrator's",
                counted(id),
                counted(one).times(1.1),
                Target.Unit.TRIPS));
        targets.add(
            Target.atLeast(
                id,
                "throughput >= 0.9 x of one orchestrator's",
                perSecond(id),
                perSecond(one).times(0.9),
                Target.Unit.PER_SECOND));
      }
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
    add(measure, Pace.LONG);
  }

  private void add(Measure measure, Pace pace) {
    measures.add(measure.at(pace).jvm(jvm));
  }
}
