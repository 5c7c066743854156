package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
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
import io.powernode.dim.json.DimJson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Four hospitals train a logistic regression on FLamby's training rows of the heart-disease data,
 * which each normalises by its own statistics as FLamby does, and come to the weights of all rows
 * in one place.
 */
class HeartTrainingTest {
  private static final List<String> HOSPITALS =
      List.of("cleveland", "hungarian", "switzerland", "va");
  private static final int WEIGHTS = 14;
  private static final Update GRADIENT = Update.gradient("gradient");

  @TempDir private static Path folder;

  private static HeartData data;
  private static double[] pooled;
  private static final List<PowerNode> nodes = new ArrayList<>();
  private static Orchestrator dim;

  @BeforeAll
  static void start() throws Exception {
    data = HeartData.read(ProjectFiles.sharedData("heart-disease"));
    pooled = logistic(HOSPITALS).newton(0);
    OrchestratorBuilder builder = Dim.orchestrator();
    for (String name : List.of("gradient", "local-steps")) {
      builder.model(descriptor(name), models().resolve(name + ".onnx"));
    }
    for (String hospital : HOSPITALS) {
      PowerNode node = node(hospital);
      nodes.add(node);
      builder.node(node);
    }
    dim = builder.build();
  }

  @AfterAll
  static void stop() {
    if (dim != null) {
      dim.close();
    }
    nodes.forEach(PowerNode::close);
  }

  @ParameterizedTest
  @CsvSource({"mean,federated_averaging", "sum,sum"})
  void newton_overFourHospitals_reachesTheWeightsOfAllRowsInOnePlace(
      String reduction, String aggregation) {
    JobResult result =
        run(
            gradientJob(Rounds.newton(20).update("weights", GRADIENT.hessian("hessian")), 0)
                .reduce(ReductionSpec.of(reduction))
                .aggregate(Aggregation.of(aggregation)));
    assertThat(weights(result)).containsExactly(pooled, within(1e-9));
    assertThat(result.output().samples()).contains(486L);
    assertThat(result.evidence().details().flag("converged")).contains(true);
    assertThat(rounds(result)).isEqualTo(6);
  }

  @Test
  void newton_withARidge_reachesTheWeightsOfAllRowsInOnePlace() {
    JobResult result =
        run(gradientJob(Rounds.newton(20).update("weights", GRADIENT.hessian("hessian")), 0.25));
    assertThat(weights(result)).containsExactly(logistic(HOSPITALS).newton(0.25), within(1e-9));
  }

  /** With one step a round, federated averaging is gradient descent on all rows. */
  @Test
  void fedavg_ofOneStepARound_goesTheWayOfGradientDescentOnAllRows() {
    Rounds rounds = Rounds.fedAvg(300).with("learningRate", 2.0).tolerance(1e-12);
    JobResult result = run(gradientJob(rounds.update("weights", GRADIENT), 0));
    assertThat(rounds(result)).isEqualTo(300);
    double[] descended = logistic(HOSPITALS).descend(new double[WEIGHTS], 300, 2.0);
    assertThat(weights(result)).containsExactly(descended, within(1e-9));
    assertThat(weights(result)).containsExactly(pooled, within(1e-5));
  }

  @Test
  void momentum_ofOneStepARound_reachesTheWeightsOfAllRowsInOnePlace() {
    Rounds rounds = Rounds.momentum(1_000).with("learningRate", 0.5).tolerance(1e-7);
    JobResult result = run(gradientJob(rounds.update("weights", GRADIENT), 0));
    assertThat(weights(result)).containsExactly(pooled, within(1e-5));
    assertThat(rounds(result)).isBetween(200, 400);
  }

  /**
   * With several steps a round, each hospital drifts towards weights of its own (Karimireddy et al.
   * 2020, SCAFFOLD), and what the rounds come to lies beside the pooled weights: the farther, the
   * longer the steps. The job does the same as the same averaging in one process.
   */
  @ParameterizedTest
  @CsvSource({"0.5,100,0.03", "0.1,200,0.006"})
  void momentum_ofFiveStepsARound_comesAsNearAsItsDriftLets(
      double rate, int most, double distance) {
    Rounds rounds = Rounds.momentum(most).update("weights", Update.value("trained"));
    JobResult result =
        run(job("heart-local-steps", rounds).input("rate", Tensor.ofDoubles(new double[] {rate})));
    assertThat(weights(result)).containsExactly(averaged(rate, most), within(1e-9));
    assertThat(weights(result)).containsExactly(pooled, within(distance));
  }

  private static double[] averaged(double rate, int rounds) {
    double[] weights = new double[WEIGHTS];
    double[] velocity = new double[WEIGHTS];
    for (int round = 0; round < rounds; round++) {
      double[] mean = new double[WEIGHTS];
      for (String hospital : HOSPITALS) {
        double[] local = logistic(List.of(hospital)).descend(weights, 5, rate);
        for (int i = 0; i < WEIGHTS; i++) {
          mean[i] += local[i] * data.train(hospital).size() / 486;
        }
      }
      for (int i = 0; i < WEIGHTS; i++) {
        velocity[i] = 0.9 * velocity[i] + mean[i] - weights[i];
        weights[i] += velocity[i];
      }
    }
    return weights;
  }

  private static CollaborativeJobBuilder gradientJob(Rounds rounds, double ridge) {
    return job("heart-gradient", rounds.tolerance(rounds.tolerance().orElse(1e-8)))
        .input("ridge", Tensor.ofDoubles(new double[] {ridge}));
  }

  private static CollaborativeJobBuilder job(String model, Rounds rounds) {
    return JobSpec.collaborative(model)
        .nodes(HOSPITALS.toArray(String[]::new))
        .cabinet("patients")
        .rounds(rounds)
        .input("weights", Tensor.ofDoubles(new double[WEIGHTS]))
        .purpose("training");
  }

  private static JobResult run(CollaborativeJobBuilder job) {
    return dim.submit(job.build()).await(Duration.ofMinutes(2));
  }

  private static double[] weights(JobResult result) {
    return result.output().tensors().get("weights").toDoubles();
  }

  private static int rounds(JobResult result) {
    return ((List<?>) result.evidence().details().asMap().get("rounds")).size();
  }

  private static PooledLogistic logistic(List<String> hospitals) {
    List<double[]> rows = new ArrayList<>();
    List<Boolean> diseased = new ArrayList<>();
    for (String hospital : hospitals) {
      for (Patient patient : data.train(hospital)) {
        rows.add(normalised(hospital, patient));
        diseased.add(patient.diseased());
      }
    }
    boolean[] truth = new boolean[rows.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = diseased.get(i);
    }
    return new PooledLogistic(rows, truth);
  }

  private static double[] normalised(String hospital, Patient patient) {
    Statistics statistics = data.split().centres().get(hospital).trainStatistics();
    double[] features = patient.features().clone();
    for (int i = 0; i < features.length; i++) {
      features[i] =
          (features[i] - statistics.mean().get(i)) / (statistics.stdDdof1().get(i) + 1e-9);
    }
    return features;
  }

  private static PowerNode node(String hospital) throws Exception {
    CabinetPolicy policy =
        CabinetPolicy.denyAll()
            .allowModels(
                descriptor("gradient").artifact().digest(),
                descriptor("local-steps").artifact().digest())
            .allowRequesters(Orchestrator.LOCAL_USER)
            .allowPurposes("training")
            .allowReductions("mean", "sum");
    return PowerNode.builder(hospital)
        .cabinet(cabinet(hospital), policy)
        .loader(OnnxLoader.create())
        .build();
  }

  private static CsvCabinet cabinet(String hospital) throws IOException {
    List<CsvColumn> columns = new ArrayList<>();
    for (String feature : data.split().featureOrder()) {
      columns.add(CsvColumn.of(feature.replace("==", "_"), DataType.FP64));
    }
    columns.add(CsvColumn.of("disease", DataType.BYTES));
    List<String> lines = new ArrayList<>();
    lines.add(columns.stream().map(CsvColumn::name).collect(Collectors.joining(",")));
    for (Patient patient : data.train(hospital)) {
      String values =
          Arrays.stream(normalised(hospital, patient))
              .mapToObj(Double::toString)
              .collect(Collectors.joining(","));
      lines.add(values + (patient.diseased() ? ",present" : ",absent"));
    }
    Path file = Files.write(folder.resolve(hospital + ".csv"), lines);
    return CsvCabinet.open(file, CsvSchema.of("patients", "medical", columns));
  }

  private static ModelDescriptor descriptor(String name) throws Exception {
    String json = Files.readString(models().resolve(name + ".json"));
    return DimJson.standard().read(ModelDescriptor.class, json);
  }

  private static Path models() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(Embedding.class.getResource("heart")).toURI());
  }
}
