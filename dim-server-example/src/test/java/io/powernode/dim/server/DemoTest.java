package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Decision;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.TraceStep;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo's jobs come to what Python came to. */
class DemoTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final Offset<Double> ROUNDING = within(1e-12);

  /** Above what the histograms cost with these rows, far below what one wrong row costs. */
  private static final Offset<Double> BINNING = within(2e-5);

  private static Demo demo;
  private static ExpectedNumbers expected;

  @BeforeAll
  static void start() throws IOException {
    expected = ExpectedNumbers.load();
    demo = Demo.start(Optional.empty());
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @Test
  void meanRisk_federated_isThatOfAllRowsInOnePlace() {
    JobResult mean = demo.collaborative().mean();
    assertThat(mean.output().tensors().get("risk").toDoubles())
        .containsExactly(expected.numbers("collaborative", "pooled", "meanRisk"), CLOSE);
    assertThat(mean.output().samples()).contains(285L);
  }

  @Test
  void contributions_always_areTheHospitalsShares() {
    List<Evidence.Contribution> nodes = demo.collaborative().mean().evidence().contributions();
    assertThat(nodes)
        .extracting(Evidence.Contribution::nodeId)
        .containsExactlyInAnyOrderElementsOf(DemoData.HOSPITALS);
    double pooled = expected.number("collaborative", "pooled", "meanRisk");
    for (Evidence.Contribution node : nodes) {
      ExpectedNumbers hospital = expected.at("collaborative", "hospitals", node.nodeId());
      assertThat((double) node.samples()).isEqualTo(hospital.number("samples"));
      assertThat(node.weight()).isCloseTo(hospital.number("samples") / 285, ROUNDING);
      assertThat(node.distance().orElseThrow())
          .isCloseTo(Math.abs(hospital.number("meanRisk") - pooled), CLOSE);
      assertThat(node.accepted()).isTrue();
    }
  }

  @Test
  void metrics_federated_areThoseOfAllRowsInOnePlace() {
    assertMetrics(demo.collaborative().metrics().output().metrics().orElseThrow(), BINNING);
  }

  @Test
  void onePlace_always_agreesWithPython() {
    OnePlace one = demo.collaborative().onePlace();
    assertThat(one.samples()).isEqualTo(285);
    assertThat(one.meanRisk())
        .isCloseTo(expected.number("collaborative", "pooled", "meanRisk"), CLOSE);
    assertMetrics(one.metrics(), ROUNDING);
  }

  private static void assertMetrics(Metrics metrics, Offset<Double> auc) {
    ExpectedNumbers pooled = expected.at("collaborative", "pooled");
    assertThat(metrics.labels()).isEqualTo(pooled.texts("labels"));
    assertThat(metrics.confusion().stream().flatMap(List::stream).mapToDouble(n -> n).toArray())
        .containsExactly(pooled.numbers("confusion"));
    assertThat(metrics.accuracy()).isCloseTo(pooled.number("accuracy"), ROUNDING);
    assertThat(metrics.logLoss().orElseThrow()).isCloseTo(pooled.number("logLoss"), CLOSE);
    assertThat(metrics.auc().orElseThrow()).isCloseTo(pooled.number("auc"), auc);
  }

  @Test
  void committee_always_hasTheModelsWeightsAndAccuracies() {
    Demo.Comparative part = demo.comparative();
    List<ExpectedNumbers> models = expected.list("comparative", "models");
    assertThat(part.vote().evidence().votes()).hasSameSizeAs(models);
    for (int i = 0; i < models.size(); i++) {
      Evidence.ModelVotes votes = part.vote().evidence().votes().get(i);
      assertThat(votes.modelId()).isEqualTo(models.get(i).text("modelId"));
      assertThat(votes.weight()).isCloseTo(models.get(i).number("weight"), ROUNDING);
      assertThat(accuracy(votes.labels(), part.patients().truths()))
          .isCloseTo(models.get(i).number("accuracy"), ROUNDING);
    }
  }

  @Test
  void vote_always_decidesAsExpected() {
    Demo.Comparative part = demo.comparative();
    List<Decision> decisions = part.vote().output().decisions();
    assertThat(decisions).extracting(Decision::row).isEqualTo(part.patients().ids());
    assertThat(
            accuracy(
                decisions.stream().map(d -> d.label().orElseThrow()).toList(),
                part.patients().truths()))
        .isCloseTo(expected.number("comparative", "weightedVote", "accuracy"), ROUNDING);
    Evidence.Agreement agreement = part.vote().evidence().agreement().orElseThrow();
    assertThat(agreement.mean())
        .isCloseTo(expected.number("comparative", "weightedVote", "meanAgreement"), ROUNDING);
    assertThat(agreement.fleissKappa().orElseThrow())
        .isCloseTo(expected.number("comparative", "majorityVote", "fleissKappa"), ROUNDING);
  }

  private static double accuracy(List<String> labels, List<String> truths) {
    return IntStream.range(0, truths.size())
        .map(row -> labels.get(row).equals(truths.get(row)) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  @Test
  void disputedCases_always_areThoseExpected() {
    Demo.Comparative part = demo.comparative();
    List<Integer> rows = DemoReport.disputed(part.vote());
    List<ExpectedNumbers> cases = expected.list("comparative", "disputed");
    assertThat(rows).hasSameSizeAs(cases);
    for (int i = 0; i < cases.size(); i++) {
      int row = rows.get(i);
      Decision decision = part.vote().output().decisions().get(row);
      assertThat(decision.row()).isEqualTo(cases.get(i).text("row"));
      assertThat(decision.label()).contains(cases.get(i).text("weighted"));
      assertThat(decision.agreement())
          .isCloseTo(cases.get(i).number("weightedAgreement"), ROUNDING);
      assertThat(part.vote().evidence().votes())
          .extracting(votes -> votes.labels().get(row))
          .isEqualTo(cases.get(i).texts("votes"));
      assertThat(part.patients().truths().get(row)).isEqualTo(cases.get(i).text("truth"));
    }
  }

  @Test
  void pipeline_smooth_plansAsExpected() {
    Demo.Chained part = demo.chained();
    assertThat(part.patients().ids()).isEqualTo(expected.texts("chained", "rows"));
    assertThat(part.plan().output().tensors().get("plan").toDoubles())
        .containsExactly(expected.numbers("chained", "outputs", "plan"));
    assertThat(part.plan().output().tensors().get("scores").toDoubles())
        .containsExactly(expected.numbers("chained", "outputs", "scores"), CLOSE);
    assertThat(part.plan().trace())
        .extracting(DemoTest::line)
        .containsExactly(
            "1 breast-normalise DONE 1",
            "2 breast-triage DONE 1",
            "3 breast-diagnosis DONE 1",
            "4 breast-plan DONE 1");
  }

  @Test
  void pipeline_withAFailingStep_isRolledBackAndTriedAgain() {
    try (Demo fresh = Demo.start(Optional.empty())) {
      Demo.Chained part = fresh.chained();
      assertThat(part.appointments().trace())
          .extracting(DemoTest::line)
          .containsExactly(
              "1 breast-normalise DONE 1",
              "2 breast-triage DONE 1",
              "3 breast-diagnosis DONE 1",
              "4 breast-plan DONE 1",
              "5 reserve-slot DONE 1",
              "6 assign-doctor FAILED 1",
              "5 release-slot ROLLED_BACK 1",
              "5 reserve-slot DONE 2",
              "6 assign-doctor DONE 2");
      assertThat(part.appointments().output().tensors().get("plan"))
          .isEqualTo(part.plan().output().tensors().get("plan"));
      assertThat(part.appointments().output().tensors().get("slot").strings())
          .containsExactly("", "", "Mon 09:00");
      assertThat(part.history())
          .containsExactly("reserved Mon 08:00", "released Mon 08:00", "reserved Mon 09:00");
      assertThat(part.book())
          .extracting(AppointmentBook.Entry::state)
          .containsExactly("free", "taken", "free");
    }
  }

  private static String line(TraceStep step) {
    return step.step() + " " + step.modelId() + " " + step.status() + " " + step.attempt();
  }

  @Test
  void temporaryFolder_afterTheEnd_isGone() {
    DemoData data = DemoData.unpack();
    assertThat(data.models().values()).isNotEmpty().allMatch(Files::isRegularFile);
    data.close();
    assertThat(data.models().values()).noneMatch(file -> Files.exists(file.getParent()));
  }
}
