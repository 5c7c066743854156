package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.CsvColumn;
import io.powernode.dim.daemon.CsvSchema;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Four models of different kinds vote on 569 tumours; the votes are counted again by hand. */
class WdbcVotesTest {
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final Map<String, Double> WEIGHTS =
      Map.of("wdbc_lr", 1.0, "wdbc_mlp", 1.5, "wdbc_tree", 0.7, "wdbc_forest", 1.2);

  static Path file;
  static List<String[]> rows;
  static List<RawModel> models;

  @BeforeAll
  static void read() throws IOException {
    file = ProjectFiles.sharedData("wdbc").resolve("wdbc.data");
    rows = Files.readAllLines(file).stream().map(line -> line.split(",")).toList();
    Path folder = ProjectFiles.sharedData("models/ours");
    TensorSpec probability = TensorSpec.of("probability", DataType.FP32, -1, 1);
    TensorSpec[] labelled = {
      TensorSpec.of("label", DataType.INT64, -1),
      TensorSpec.of("probabilities", DataType.FP32, -1, 2)
    };
    models =
        List.of(
            RawModel.of(folder.resolve("wdbc_lr.onnx"), 30, LABELS, probability),
            RawModel.of(folder.resolve("wdbc_mlp.onnx"), 30, LABELS, probability),
            RawModel.of(folder.resolve("wdbc_tree.onnx"), 30, LABELS, labelled),
            RawModel.of(folder.resolve("wdbc_forest.onnx"), 30, LABELS, labelled));
  }

  static List<Consensus> rules() {
    return List.of(Consensus.majorityVote(), Consensus.weightedVote().weights(WEIGHTS));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void decisions_ofFourModels_areTheirVotesCountedByHand(Consensus rule) {
    List<Decision> decisions = run(rule).output().decisions();
    int[][] votes = models.stream().map(WdbcVotesTest::votes).toArray(int[][]::new);
    assertThat(decisions).extracting(Decision::row).isEqualTo(ids());
    int right = 0;
    for (int row = 0; row < rows.size(); row++) {
      double[] weight = new double[2];
      for (int model = 0; model < votes.length; model++) {
        String id = models.get(model).id();
        weight[votes[model][row]] += rule.weights().getOrDefault(id, 1.0);
      }
      assertDecision(decisions.get(row), weight);
      String truth = rows.get(row)[1].equals("M") ? "malignant" : "benign";
      right += decisions.get(row).label().equals(Optional.of(truth)) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(rows.size() * 9 / 10);
  }

  private static void assertDecision(Decision decision, double[] weight) {
    double most = Math.max(weight[0], weight[1]);
    assertThat(decision.agreement()).isCloseTo(most / (weight[0] + weight[1]), within(1e-9));
    if (weight[0] == weight[1]) {
      assertThat(decision.status()).isEqualTo(DecisionStatus.TIE);
      assertThat(decision.label()).isEmpty();
    } else {
      assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
      assertThat(decision.label()).contains(LABELS.get(weight[1] > weight[0] ? 1 : 0));
    }
  }

  private static JobResult run(Consensus rule) {
    return run(rule, labelsOnly(), models);
  }

  static CabinetPolicy labelsOnly() {
    return CabinetPolicy.denyAll()
        .allowAnyModel()
        .allowAnyRequester()
        .allowAnyPurpose()
        .allowReductions("votes")
        .allowRowLevel();
  }

  static JobResult run(Consensus rule, CabinetPolicy policy, List<RawModel> models) {
    CsvCabinet cabinet = CsvCabinet.open(file, schema());
    try (var node =
            PowerNode.builder("clinic")
                .cabinet(cabinet, policy)
                .loader(OnnxLoader.create())
                .build();
        var dim = Dim.orchestrator().node(node).build()) {
      models.forEach(model -> dim.register(model.descriptor(), model.file()));
      JobSpec job =
          JobSpec.comparative(models.stream().map(RawModel::id).toArray(String[]::new))
              .node("clinic")
              .cabinet("tumours")
              .consensus(rule)
              .build();
      return dim.submit(job).await(Duration.ofMinutes(1));
    }
  }

  /** The file has no header; its first column is an id that may leave as it is. */
  static CsvSchema schema() {
    List<CsvColumn> columns = new ArrayList<>();
    columns.add(CsvColumn.of("id", DataType.BYTES));
    columns.add(CsvColumn.of("diagnosis", DataType.BYTES).withCategories("B", "M"));
    for (int feature = 1; feature <= 30; feature++) {
      columns.add(CsvColumn.of("feature_" + feature, DataType.FP64));
    }
    return new CsvSchema(
        "tumours",
        "medical",
        Optional.of(false),
        Optional.of("id"),
        Optional.of(true),
        Optional.of("diagnosis"),
        Optional.empty(),
        Optional.empty(),
        columns);
  }

  private static List<String> ids() {
    List<String> ids = rows.stream().map(cells -> cells[0]).toList();
    assertThat(new HashSet<>(ids)).hasSize(569);
    return ids;
  }

  private static int[] votes(RawModel model) {
    List<float[]> features = rows.stream().map(WdbcVotesTest::features).toList();
    boolean labelled = model.descriptor().signature().output("label").isPresent();
    double[] answers = model.infer(features, labelled ? "label" : "probability");
    int[] votes = new int[answers.length];
    for (int i = 0; i < votes.length; i++) {
      votes[i] = answers[i] >= 0.5 ? 1 : 0;
    }
    return votes;
  }

  static float[] features(String[] cells) {
    float[] features = new float[30];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) Double.parseDouble(cells[i + 2]);
    }
    return features;
  }
}
