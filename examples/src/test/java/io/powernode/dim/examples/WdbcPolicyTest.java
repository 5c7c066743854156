package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.Calibration;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What owners let out of their nodes for a comparison, tried with real models and rows. */
class WdbcPolicyTest {
  private static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll().allowAnyModel().allowAnyRequester().allowAnyPurpose();
  private static final CabinetPolicy VOTES = OPEN.allowReductions("votes");
  private static final CabinetPolicy NUMBERS = OPEN.allowReductions("numbers");
  private static final CabinetPolicy ALL =
      OPEN.allowReductions("votes", "numbers", "calibration", "decision_calibration")
          .allowRowProbabilities();

  /** Labels as the file has them, so that they can be compared with it. */
  private static List<RawModel> models;

  /** Single probabilities without labels, as if they were measurements. */
  private static List<RawModel> regressions;

  @BeforeAll
  static void read() throws IOException {
    WdbcVotesTest.read();
    models =
        WdbcVotesTest.models.stream()
            .map(m -> new RawModel(m.descriptor().withLabels(List.of("B", "M")), m.file()))
            .toList();
    regressions =
        WdbcVotesTest.models.stream()
            .limit(2)
            .map(m -> new RawModel(m.descriptor().withLabels(List.of()), m.file()))
            .toList();
  }

  static Stream<Arguments> denied() {
    Consensus labels = Consensus.majorityVote();
    Consensus numbers = Consensus.mean().absoluteTolerance(.1);
    String rows = "answers for single rows are not allowed";
    String reduction = "the reduction is not allowed";
    String probabilities = "probabilities for single rows are not allowed";
    return Stream.of(
        Arguments.of(labels, OPEN, reduction),
        Arguments.of(labels, VOTES, rows),
        Arguments.of(labels, NUMBERS.allowRowLevel(), reduction),
        Arguments.of(Consensus.meanProbability(), VOTES.allowRowLevel(), probabilities),
        Arguments.of(numbers, NUMBERS, rows),
        // Who lets labels and probabilities out has said nothing of numbers.
        Arguments.of(numbers, VOTES.allowRowProbabilities(), reduction));
  }

  @ParameterizedTest
  @MethodSource("denied")
  void votes_thatTheOwnerKeeps_failTheJobAndSayWhy(
      Consensus consensus, CabinetPolicy policy, String rule) {
    List<RawModel> asked = consensus.method().equals("mean") ? regressions : models;
    assertThatThrownBy(() -> WdbcVotesTest.run(consensus, policy, asked))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_CONSENSUS))
        .hasMessageContaining(rule);
  }

  @Test
  void numbers_thatTheOwnerLetsOut_areComparedWithinTheTolerance() {
    JobResult result =
        WdbcVotesTest.run(
            Consensus.mean().absoluteTolerance(.05), NUMBERS.allowRowLevel(), regressions);
    double[] one = raw(0);
    double[] other = raw(1);
    List<Decision> decisions = result.output().decisions();
    assertThat(decisions).hasSize(569);
    int agreed = 0;
    for (int row = 0; row < one.length; row++) {
      double distance = Math.abs(one[row] - other[row]) / 2;
      Decision decision = decisions.get(row);
      if (decision.status() == DecisionStatus.REACHED) {
        assertThat(distance).isLessThan(.05 + 1e-6);
        assertThat(decision.value().orElseThrow())
            .isCloseTo((one[row] + other[row]) / 2, within(1e-5));
        agreed++;
      } else {
        assertThat(decision.status()).isEqualTo(DecisionStatus.BELOW_AGREEMENT);
        assertThat(distance).isGreaterThan(.05 - 1e-6);
      }
    }
    assertThat(agreed).isGreaterThan(300).isLessThan(569);
    assertThat(result.evidence().agreement().orElseThrow().krippendorffAlpha().orElseThrow())
        .isGreaterThan(.8);
  }

  private static double[] raw(int model) {
    List<float[]> features = WdbcVotesTest.rows.stream().map(WdbcVotesTest::features).toList();
    return WdbcVotesTest.models.get(model).infer(features, "probability");
  }

  @Test
  void calibration_onTheOwnersLabels_isThatComputedFromTheFile() {
    JobResult result =
        WdbcVotesTest.run(Consensus.meanProbability().calibration("tumours"), ALL, models);
    List<Calibration> tables = result.evidence().calibration();
    assertThat(tables).hasSize(5);
    double[] malignant = raw(0);
    double squares = 0;
    int right = 0;
    for (int row = 0; row < malignant.length; row++) {
      double truth = WdbcVotesTest.rows.get(row)[1].equals("M") ? 1 : 0;
      squares += (malignant[row] - truth) * (malignant[row] - truth);
      right += (malignant[row] >= .5 ? 1 : 0) == truth ? 1 : 0;
    }
    Reliability first = tables.get(0).reliability().orElseThrow();
    assertThat(first.rows()).isEqualTo(569);
    assertThat(first.accuracy()).isCloseTo(right / 569., within(1e-12));
    assertThat(first.brier()).isCloseTo(squares / 569, within(1e-5));
    Reliability consensus = tables.get(4).reliability().orElseThrow();
    List<Decision> decisions = result.output().decisions();
    double errors = 0;
    int hits = 0;
    for (int row = 0; row < decisions.size(); row++) {
      boolean hit = decisions.get(row).label().equals(Optional.of(WdbcVotesTest.rows.get(row)[1]));
      double error = decisions.get(row).confidence().orElseThrow() - (hit ? 1 : 0);
      errors += error * error;
      hits += hit ? 1 : 0;
    }
    assertThat(consensus.accuracy()).isCloseTo(hits / 569., within(1e-12));
    assertThat(consensus.brier()).isCloseTo(errors / 569, within(1e-12));
    assertThat(consensus.ece()).isBetween(0., .2);
  }

  @Test
  void calibration_thatTheOwnerAllowsForModelsOnly_tellsNothingOfDecisions() {
    JobResult all = WdbcVotesTest.run(judged(), ALL, models);
    assertThat(all.evidence().calibration()).allMatch(c -> c.reliability().isPresent());
    JobResult some =
        WdbcVotesTest.run(
            judged(), VOTES.allowReductions("calibration").allowRowProbabilities(), models);
    assertThat(told(some)).containsExactly("", "", "", "", "the reduction is not allowed");
    JobResult none = WdbcVotesTest.run(judged(), VOTES.allowRowProbabilities(), models);
    assertThat(told(none)).hasSize(5).containsOnly("the reduction is not allowed");
    assertThat(none.output().decisions()).hasSize(569);
  }

  private static Consensus judged() {
    return Consensus.majorityVote().calibration("tumours");
  }

  private static List<String> told(JobResult result) {
    return result.evidence().calibration().stream()
        .map(c -> c.error().map(e -> e.message().replaceAll(".*: ", "")).orElse(""))
        .toList();
  }

  private static PowerNode node(String id, Path file) {
    return PowerNode.builder(id)
        .cabinet(CsvCabinet.open(file, WdbcVotesTest.schema()), ALL)
        .loader(OnnxLoader.create())
        .build();
  }

  private static JobSpec spread(Consensus consensus) {
    return JobSpec.comparative(models.stream().map(RawModel::id).toArray(String[]::new))
        .nodes("clinic", "archive")
        .cabinet("tumours")
        .consensus(consensus)
        .build();
  }

  @Test
  void models_onTwoNodesWithTheSameRows_decideAsOnOne(@TempDir Path folder) throws IOException {
    Path copy = Files.copy(WdbcVotesTest.file, folder.resolve("copy.csv"));
    Consensus consensus = Consensus.meanProbability().calibration("tumours");
    JobResult one = WdbcVotesTest.run(consensus, ALL, models);
    try (PowerNode clinic = node("clinic", WdbcVotesTest.file);
        PowerNode archive = node("archive", copy);
        Orchestrator dim = Dim.orchestrator().node(clinic).node(archive).build()) {
      models.forEach(model -> dim.register(model.descriptor(), model.file()));
      JobResult two = dim.submit(spread(consensus)).await(Duration.ofMinutes(1));
      assertThat(two.output()).isEqualTo(one.output());
      assertThat(two.evidence().calibration()).isEqualTo(one.evidence().calibration());
      assertThat(two.evidence().votes())
          .extracting(votes -> votes.nodeId())
          .containsExactly("clinic", "archive", "clinic", "archive");
    }
  }

  @Test
  void models_onNodesWhoseRowsDifferInOneCell_areRefused(@TempDir Path folder) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(WdbcVotesTest.file));
    lines.set(300, lines.get(300).replaceFirst("[0-9]$", "").concat("7"));
    assertThat(lines).isNotEqualTo(Files.readAllLines(WdbcVotesTest.file));
    Path other = Files.write(folder.resolve("other.csv"), lines);
    try (PowerNode clinic = node("clinic", WdbcVotesTest.file);
        PowerNode archive = node("archive", other);
        Orchestrator dim = Dim.orchestrator().node(clinic).node(archive).build()) {
      models.forEach(model -> dim.register(model.descriptor(), model.file()));
      assertThatThrownBy(() -> dim.submit(spread(Consensus.majorityVote())))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining(
              "config.nodes: hold different data under the name tumours: archive");
    }
  }
}
