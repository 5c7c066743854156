package io.powernode.dim.server;

import io.powernode.dim.api.Decision;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.NodeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tells people what the demo's collaborative and comparative jobs came to. */
final class DemoReport {
  private static final int DIGITS = 10;

  private final Report report;

  DemoReport(Report report) {
    this.report = report;
  }

  /** Who is there. */
  void network(Demo demo) {
    report.line("One orchestrator and three hospitals in this process; real models, real rows.");
    String positive = demo.model(DemoJobs.RISK).labels().get(1);
    Table table =
        new Table("HOSPITAL", ">PATIENTS", ">" + positive.toUpperCase(Locale.ROOT), "ACTIONS");
    for (NodeRecord node : demo.nodes()) {
      table.row(
          node.nodeId(),
          node.profile().dataSet(DemoJobs.CABINET).orElseThrow().rows(),
          demo.rows(node.nodeId()).count(positive),
          String.join(", ", node.profile().actions().stream().sorted().toList()));
    }
    report.table(table);
  }

  /** The federated numbers beside those with all rows in one place. */
  void collaborative(Demo.Collaborative part) {
    report.title("1. Collaborative: one model at three hospitals, whose rows stay there");
    Table shares = new Table("HOSPITAL", ">ROWS", ">WEIGHT", ">DISTANCE");
    for (Evidence.Contribution node : part.mean().evidence().contributions()) {
      shares.row(
          node.nodeId(),
          node.samples(),
          Report.decimal(node.weight(), 4),
          node.distance().map(d -> Report.decimal(d, 4)).orElse("-"));
    }
    report.table(shares);
    report.line(
        "WEIGHT is a hospital's share of the mean risk, DISTANCE how far its own mean lies from it.");
    OnePlace one = part.onePlace();
    Metrics federated = part.metrics().output().metrics().orElseThrow();
    Table numbers = new Table("", ">FEDERATED", ">IN ONE PLACE", ">DIFFERENCE");
    compare(numbers, "patients", part.mean().output().samples().orElseThrow(), one.samples());
    compare(numbers, "mean risk", mean(part.mean()), one.meanRisk());
    compare(numbers, "accuracy", federated.accuracy(), one.metrics().accuracy());
    compare(
        numbers,
        "log loss",
        federated.logLoss().orElseThrow(),
        one.metrics().logLoss().orElseThrow());
    compare(numbers, "AUC", federated.auc().orElseThrow(), one.metrics().auc().orElseThrow());
    for (int truth = 0; truth < federated.labels().size(); truth++) {
      for (int label = 0; label < federated.labels().size(); label++) {
        compare(
            numbers,
            federated.labels().get(truth) + " called " + federated.labels().get(label),
            federated.confusion().get(truth).get(label),
            one.metrics().confusion().get(truth).get(label));
      }
    }
    report.table(numbers);
    report.line(
        "IN ONE PLACE is computed beside the jobs, by other code, over all rows in one table;");
    report.line("its AUC is exact, the federated one that of two histograms.");
  }

  private static double mean(JobResult result) {
    return result.output().tensors().values().iterator().next().toDoubles()[0];
  }

  private static void compare(Table table, String what, double one, double other) {
    table.row(
        what,
        Report.decimal(one, DIGITS),
        Report.decimal(other, DIGITS),
        Report.distance(one, other));
  }

  private static void compare(Table table, String what, long one, long other) {
    table.row(what, one, other, Math.abs(one - other));
  }

  /** Who voted what, how good each is, and what is disputed. */
  void comparative(Demo.Comparative part) {
    report.title("2. Comparative: four kinds of models vote on each patient of one hospital");
    JobResult vote = part.vote();
    List<Decision> decisions = vote.output().decisions();
    List<String> truths =
        decisions.stream().map(decision -> part.patients().truth(decision.row())).toList();
    Table table = new Table("MODEL", ">WEIGHT", ">ACCURACY", ">RIGHT");
    for (Evidence.ModelVotes model : vote.evidence().votes()) {
      accuracy(table, model.modelId(), Report.decimal(model.weight(), 3), model.labels(), truths);
    }
    accuracy(table, "weighted vote", "", labels(decisions), truths);
    report.table(table);
    Evidence.Agreement agreement = vote.evidence().agreement().orElseThrow();
    List<Integer> disputed = disputed(vote);
    report.line(
        "Mean agreement %.4f, Fleiss' kappa %s. Unanimous on %d of %d patients; disputed are:",
        agreement.mean(),
        agreement.fleissKappa().map(kappa -> Report.decimal(kappa, 4)).orElse("undefined"),
        decisions.size() - disputed.size(),
        decisions.size());
    report.table(cases(vote, disputed, truths));
  }

  private static void accuracy(
      Table table, String who, String weight, List<String> labels, List<String> truths) {
    long right =
        IntStream.range(0, truths.size())
            .filter(row -> labels.get(row).equals(truths.get(row)))
            .count();
    table.row(
        who,
        weight,
        Report.decimal((double) right / truths.size(), 4),
        right + " of " + truths.size());
  }

  private static List<String> labels(List<Decision> decisions) {
    return decisions.stream().map(decision -> decision.label().orElse("")).toList();
  }

  /** The rows on which the models do not all say the same. */
  static List<Integer> disputed(JobResult vote) {
    List<Evidence.ModelVotes> votes = vote.evidence().votes();
    return IntStream.range(0, vote.output().decisions().size())
        .filter(row -> votes.stream().map(model -> model.labels().get(row)).distinct().count() > 1)
        .boxed()
        .toList();
  }

  private static Table cases(JobResult vote, List<Integer> disputed, List<String> truths) {
    List<Evidence.ModelVotes> votes = vote.evidence().votes();
    List<String> headers = new ArrayList<>(List.of("PATIENT"));
    votes.forEach(model -> headers.add(model.modelId().toUpperCase(Locale.ROOT)));
    headers.addAll(List.of("VOTE", ">AGREEMENT", "TRUTH", ""));
    Table table = new Table(headers.toArray(String[]::new));
    for (int row : disputed) {
      Decision decision = vote.output().decisions().get(row);
      String label = decision.label().orElse("none");
      boolean right = label.equals(truths.get(row));
      table.styled(
          right ? "" : "red",
          Stream.of(
                  Stream.of(decision.row()),
                  votes.stream().map(model -> model.labels().get(row)),
                  Stream.of(
                      label,
                      Report.decimal(decision.agreement(), 4),
                      truths.get(row),
                      right ? "" : "wrong"))
              .flatMap(cells -> cells)
              .toArray());
    }
    return table;
  }
}
