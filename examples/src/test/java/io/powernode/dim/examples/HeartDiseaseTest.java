package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.CsvColumn;
import io.powernode.dim.daemon.CsvSchema;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.examples.HeartData.Patient;
import io.powernode.dim.examples.HeartData.Statistics;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.patterns.MetricsReduction;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four hospitals, each with its own patients behind its own node: what comes of the federation is
 * what comes of all patients in one place. The models normalise their inputs themselves.
 */
class HeartDiseaseTest {
  private static final List<String> HOSPITALS =
      List.of("cleveland", "hungarian", "switzerland", "va");
  private static final List<String> LABELS = List.of("absent", "present");
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private static Path folder;

  private static HeartData data;
  private static List<RawModel> models;
  private static final List<PowerNode> nodes = new ArrayList<>();
  private static Orchestrator dim;

  @BeforeAll
  static void start() throws IOException {
    data = HeartData.read(ProjectFiles.sharedData("heart-disease"));
    models = models(ProjectFiles.sharedData("models/ours"));
    OrchestratorBuilder builder = Dim.orchestrator();
    for (String hospital : HOSPITALS) {
      PowerNode node = node(hospital, cabinet(hospital));
      nodes.add(node);
      builder.node(node);
    }
    models.forEach(model -> builder.model(model.descriptor(), model.file()));
    dim = builder.build();
  }

  @AfterAll
  static void stop() {
    if (dim != null) {
      dim.close();
    }
    nodes.forEach(PowerNode::close);
  }

  static List<RawModel> models() {
    return models;
  }

  @Test
  void patients_ofEachHospital_areThoseOfFlamby() {
    List<Patient> all = new ArrayList<>();
    for (String hospital : HOSPITALS) {
      HeartData.Centre centre = data.split().centres().get(hospital);
      List<Patient> train = data.train(hospital);
      List<Patient> test = data.test(hospital);
      assertThat(data.lines().get(hospital)).hasSize(centre.rows());
      assertThat(data.complete(hospital)).isEqualTo(centre.rowsAfterDropna());
      assertThat(train).hasSize(centre.train());
      assertThat(test).hasSize(centre.test());
      assertThat(diseased(train) + diseased(test)).isEqualTo(centre.positives());
      assertStatistics(train, centre.trainStatistics());
      all.addAll(train);
    }
    assertStatistics(all, data.split().pooledTrainStatistics());
  }

  @Test
  void models_ofTheHospitals_areAllThere() {
    assertThat(models)
        .extracting(RawModel::id)
        .containsExactly(
            "heart_cleveland_fedavg",
            "heart_cleveland_local",
            "heart_hungarian_fedavg",
            "heart_hungarian_local",
            "heart_switzerland_fedavg",
            "heart_va_fedavg",
            "heart_va_local");
  }

  @ParameterizedTest
  @MethodSource("models")
  void mean_overFourHospitals_isThatOfAllPatientsInOnePlace(RawModel model) {
    double sum = 0;
    for (double probability : model.infer(pooledFeatures(), "probability")) {
      sum += probability;
    }
    JobResult result = run(model, ReductionSpec.mean(), Aggregation.federatedAveraging());
    assertThat(result.output().samples()).contains(254L);
    assertThat(result.output().tensors()).containsOnlyKeys("probability");
    assertThat(result.output().tensors().get("probability").toDoubles()).hasSize(1);
    assertThat(result.output().tensors().get("probability").toDoubles()[0])
        .isCloseTo(sum / 254, within(1e-6));
    assertThat(result.evidence().contributions())
        .extracting("nodeId", "samples", "accepted")
        .containsExactly(
            tuple("cleveland", 104L, true),
            tuple("hungarian", 89L, true),
            tuple("switzerland", 16L, true),
            tuple("va", 45L, true));
  }

  @ParameterizedTest
  @MethodSource("models")
  void metrics_overFourHospitals_areThoseOfAllPatientsInOnePlace(RawModel model) {
    double[] risks = model.infer(pooledFeatures(), "probability");
    boolean[] truth = truth();
    JobResult result = run(model, ReductionSpec.metrics(), Aggregation.metrics());
    Metrics metrics = result.output().metrics().orElseThrow();
    assertThat(metrics.labels()).isEqualTo(LABELS);
    assertThat(metrics.samples()).isEqualTo(254);
    assertThat(metrics.confusion()).isEqualTo(PooledMetrics.confusion(risks, truth));
    assertThat(metrics.accuracy()).isCloseTo(PooledMetrics.accuracy(risks, truth), within(1e-12));
    assertThat(metrics.logLoss().orElseThrow())
        .isCloseTo(PooledMetrics.logLoss(risks, truth), within(1e-6));
    // The job's area comes from histograms; how far it may be off is computed, not guessed.
    double[] coarse = PooledMetrics.coarse(risks, MetricsReduction.AUC_BINS);
    assertThat(metrics.auc().orElseThrow())
        .isCloseTo(PooledMetrics.auc(coarse, truth), within(1e-6))
        .isCloseTo(
            PooledMetrics.auc(risks, truth),
            within(1e-9 + PooledMetrics.histogramError(coarse, truth)));
  }

  /** Inputs in another order, or normalised twice, would rank patients at random. */
  @ParameterizedTest
  @ValueSource(strings = {"cleveland", "hungarian", "va"})
  void localModel_onItsOwnHospital_ranksTheDiseasedHigher(String hospital) {
    RawModel model =
        models.stream()
            .filter(m -> m.id().equals("heart_" + hospital + "_local"))
            .findFirst()
            .orElseThrow();
    List<Patient> patients = data.test(hospital);
    double[] risks = model.infer(features(patients), "probability");
    assertThat(PooledMetrics.auc(risks, truth(patients))).isGreaterThan(0.6);
  }

  private static JobResult run(RawModel model, ReductionSpec reduction, Aggregation aggregation) {
    JobSpec job =
        JobSpec.collaborative(model.id())
            .nodes(HOSPITALS.toArray(String[]::new))
            .cabinet("patients")
            .reduce(reduction)
            .aggregate(aggregation)
            .purpose("acceptance")
            .build();
    return dim.submit(job).await(LIMIT);
  }

  private static PowerNode node(String hospital, CsvCabinet patients) {
    CabinetPolicy policy =
        CabinetPolicy.denyAll()
            .allowRequesters(Orchestrator.LOCAL_USER)
            .allowPurposes("acceptance")
            .allowReductions("mean", "metrics");
    for (RawModel model : models) {
      policy = policy.allowModels(model.descriptor().artifact().digest());
    }
    return PowerNode.builder(hospital)
        .type("hospital")
        .cabinet(patients, policy)
        .loader(OnnxLoader.create())
        .batchRows(32)
        .build();
  }

  private static CsvCabinet cabinet(String hospital) throws IOException {
    List<String> features = data.split().featureOrder();
    List<String> lines = new ArrayList<>();
    lines.add("patient," + String.join(",", features) + ",disease");
    for (Patient patient : data.test(hospital)) {
      String values =
          Arrays.stream(patient.features())
              .mapToObj(Double::toString)
              .collect(Collectors.joining(","));
      String label = LABELS.get(patient.diseased() ? 1 : 0);
      lines.add("%s-%d,%s,%s".formatted(hospital, patient.line(), values, label));
    }
    Path file = Files.write(folder.resolve(hospital + ".csv"), lines);
    List<CsvColumn> columns = new ArrayList<>();
    columns.add(CsvColumn.of("patient", DataType.BYTES));
    features.forEach(feature -> columns.add(CsvColumn.of(feature, DataType.FP64)));
    columns.add(
        CsvColumn.of("disease", DataType.BYTES).withCategories(LABELS.toArray(String[]::new)));
    return CsvCabinet.open(
        file,
        new CsvSchema(
            "patients",
            "medical",
            Optional.empty(),
            Optional.of("patient"),
            Optional.empty(),
            Optional.of("disease"),
            Optional.empty(),
            Optional.empty(),
            columns));
  }

  private static List<RawModel> models(Path folder) throws IOException {
    List<RawModel> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "heart_*.onnx")) {
      for (Path file : files) {
        TensorSpec probability = TensorSpec.of("probability", DataType.FP32, -1, 1);
        found.add(RawModel.of(file, 13, LABELS, probability));
      }
    }
    found.sort(Comparator.comparing(RawModel::id));
    return found;
  }

  private static List<Patient> pooled() {
    return HOSPITALS.stream().flatMap(hospital -> data.test(hospital).stream()).toList();
  }

  private static List<float[]> pooledFeatures() {
    return features(pooled());
  }

  private static List<float[]> features(List<Patient> patients) {
    return patients.stream().map(Patient::floats).toList();
  }

  private static boolean[] truth() {
    return truth(pooled());
  }

  private static boolean[] truth(List<Patient> patients) {
    boolean[] truth = new boolean[patients.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = patients.get(i).diseased();
    }
    return truth;
  }

  private static long diseased(List<Patient> patients) {
    return patients.stream().filter(Patient::diseased).count();
  }

  private static void assertStatistics(List<Patient> patients, Statistics expected) {
    for (int feature = 0; feature < 13; feature++) {
      int column = feature;
      double[] values = patients.stream().mapToDouble(p -> p.features()[column]).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      assertThat(mean).isCloseTo(expected.mean().get(feature), within(1e-6));
      assertThat(Math.sqrt(squares / (values.length - 1)))
          .isCloseTo(expected.stdDdof1().get(feature), within(1e-6));
    }
  }
}
