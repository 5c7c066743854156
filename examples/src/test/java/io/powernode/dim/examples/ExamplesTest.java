package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.json.DimJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs each example as a reader would, and holds what it prints against what it must come to. */
class ExamplesTest {
  private static final List<float[]> TWO_PATIENTS =
      List.of(
          new float[] {63, 1, 160, 300, 0, 110, 1, 2.5f, 0, 0, 1, 0, 1},
          new float[] {41, 0, 120, 200, 0, 172, 0, 0, 1, 0, 0, 0, 0});

  private interface Main {
    void run(String... args) throws Exception;
  }

  @Test
  void embedding_run_printsTheMeanRiskOfAllPatients() throws Exception {
    JobResult result = DimJson.standard().readResult(printed(Embedding::main).get(0));
    double[] north = risks("risk", patients("north"));
    double[] south = risks("risk", patients("south"));
    double sum = Arrays.stream(north).sum() + Arrays.stream(south).sum();
    assertThat(result.output().samples()).contains((long) north.length + south.length);
    assertThat(result.output().tensors().get("probability").toDoubles()[0])
        .isCloseTo(sum / (north.length + south.length), within(1e-6));
  }

  @Test
  void ownAggregator_run_weighsByThePowerOfTheRows() throws Exception {
    JobResult result = DimJson.standard().readResult(printed(RunOwnAggregator::main).get(0));
    double north = mean(risks("risk", patients("north")));
    double south = mean(risks("risk", patients("south")));
    double expected =
        (Math.sqrt(12) * north + Math.sqrt(7) * south) / (Math.sqrt(12) + Math.sqrt(7));
    assertThat(result.evidence().method()).isEqualTo("tempered_average");
    assertThat(result.output().tensors().get("probability").toDoubles()[0])
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void ownConsensusRule_run_decidesWhereAllAgree() throws Exception {
    List<String> lines = printed(OwnConsensusRule::main);
    assertThat(lines).hasSize(2);
    for (int row = 0; row < 2; row++) {
      long sick = votes(List.of("cleveland", "hungarian", "va"), row);
      assertThat(lines.get(row))
          .contains(sick == 3 ? "present" : sick == 0 ? "absent" : "BELOW_AGREEMENT");
    }
  }

  @Test
  void expertReview_run_waitsForTheDoctorAndCompletes() throws Exception {
    List<String> lines = printed(ExpertReview::main);
    assertThat(lines.get(0)).isEqualTo("the job is AWAITING_REVIEW");
    long disputed = patients("south").stream().filter(row -> disagreement(List.of(row))).count();
    assertThat(disputed).isPositive();
    assertThat(lines).filteredOn(line -> line.startsWith("disputed: ")).hasSize((int) disputed);
    assertThat(lines).filteredOn(line -> line.contains("REVIEWED")).hasSize((int) disputed);
    assertThat(lines).filteredOn(line -> line.contains("REACHED")).hasSize(7 - (int) disputed);
    assertThat(lines.get(lines.size() - 1))
        .contains("dr-example")
        .matches(".*rows=\\[([0-9a-f]{32}(, )?){%d}\\].*".formatted(disputed));
  }

  @Test
  void rollbackWithActions_run_undoesTheReservationAndStartsAgain() throws Exception {
    assertThat(printed(RollbackWithActions::main))
        .containsExactly(
            "reserve a bed",
            "release bed 101",
            "reserve a bed",
            "tell the ward of bed 101",
            "1. Risk DONE",
            "1. Reserve DONE",
            "1. Tell FAILED",
            "1. Reserve ROLLED_BACK",
            "2. Risk DONE",
            "2. Reserve DONE",
            "2. Tell DONE");
  }

  @Test
  void survivesKill_run_doesEachStepOnceAndEndsTheJobInTheSecondProcess() throws Exception {
    assertThat(printed(SurvivesKill::main))
        .containsExactly(
            "first process: reserve-bed",
            "first process: order-scan",
            "first process: write-letter",
            "first process: ended with 137",
            "second process: write-letter was done already",
            "Bed DONE",
            "Scan DONE",
            "Letter DONE");
  }

  @Test
  void runJobFromJson_run_printsDecisionsAndEveryViolation() throws Exception {
    List<String> lines = printed(RunJobFromJson::main);
    JobResult result = DimJson.standard().readResult(lines.get(0));
    List<Decision> decisions = result.output().decisions();
    assertThat(decisions).extracting(Decision::row).containsExactly("r1", "r2");
    assertThat(decisions).allMatch(d -> d.status() == DecisionStatus.REACHED);
    for (int row = 0; row < 2; row++) {
      long sick = votes(List.of("cleveland", "hungarian", "va"), row);
      assertThat(sick).as("the models agree on these patients").isIn(0L, 3L);
      assertThat(decisions.get(row).label())
          .isEqualTo(Optional.of(sick == 3 ? "present" : "absent"));
    }
    assertThat(lines.subList(1, lines.size()))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("size: is unknown"))
        .anyMatch(line -> line.startsWith("config.timeout: is out of range"))
        .anyMatch(line -> line.startsWith("config.modelIds: has 1 entries"));
  }

  @Test
  void firstAnswerWins_run_printsTheWinnersAnswer() throws Exception {
    JobResult result = DimJson.standard().readResult(printed(RunFirstAnswerWins::main).get(0));
    double expected = risks("risk", TWO_PATIENTS.subList(0, 1))[0];
    assertThat(result.output().tensors().get("probability").toDoubles()[0])
        .isCloseTo(expected, within(1e-6));
    assertThat(result.evidence().details().text("winner").orElseThrow()).isIn("a", "b");
  }

  @Test
  void federatedTraining_run_printsTheWeightsOfAllPatientsInOnePlace() throws Exception {
    List<String> lines = printed(FederatedTraining::main);
    List<double[]> rows = new ArrayList<>();
    List<Boolean> present = new ArrayList<>();
    for (String hospital : List.of("north", "south")) {
      for (String line : Files.readAllLines(data().resolve(hospital + ".csv"))) {
        String[] cells = line.split(",");
        if (!cells[0].equals("patient")) {
          rows.add(Arrays.stream(cells, 1, 14).mapToDouble(Double::parseDouble).toArray());
          present.add(cells[14].equals("present"));
        }
      }
    }
    boolean[] truth = new boolean[rows.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = present.get(i);
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("round=8", "participating=2, samples=19", "converged=true");
    String[] printed = lines.get(1).replaceAll("[\\[\\] ]", "").split(",");
    assertThat(Arrays.stream(printed).mapToDouble(Double::parseDouble).toArray())
        .containsExactly(new PooledLogistic(rows, truth).newton(0.1), within(1e-6));
  }

  private static long votes(List<String> models, int patient) throws Exception {
    long sick = 0;
    for (String model : models) {
      sick += risks(model, TWO_PATIENTS)[patient] >= 0.5 ? 1 : 0;
    }
    return sick;
  }

  private static boolean disagreement(List<float[]> row) {
    return List.of("risk", "cleveland", "va").stream()
            .map(model -> risks(model, row)[0] >= 0.5)
            .distinct()
            .count()
        > 1;
  }

  /** The rows of a hospital's file, read by nothing but a split at the commas. */
  private static List<float[]> patients(String hospital) throws Exception {
    return Files.readAllLines(data().resolve(hospital + ".csv")).stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(cells -> Arrays.copyOfRange(cells, 1, 14))
        .map(ExamplesTest::floats)
        .toList();
  }

  private static float[] floats(String[] cells) {
    float[] floats = new float[cells.length];
    for (int i = 0; i < cells.length; i++) {
      floats[i] = Float.parseFloat(cells[i]);
    }
    return floats;
  }

  private static double[] risks(String model, List<float[]> patients) {
    try {
      String json = Files.readString(data().resolve(model + ".json"));
      ModelDescriptor descriptor = DimJson.standard().read(ModelDescriptor.class, json);
      Path file = data().resolve(model + ".onnx");
      return new RawModel(descriptor, file).infer(patients, "probability");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static Path data() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(Embedding.class.getResource("heart")).toURI());
  }

  private static List<String> printed(Main example) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      example.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
