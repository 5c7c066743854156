package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The demo's pipeline over a hospital's own patients, with real models: their rows stay, and what
 * leaves equals what one gets where they may all be seen.
 */
class RowsStayTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static DemoData data;
  private static double[] urgency;
  private static double[] malignant;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void unpack() {
    data = DemoData.unpack();
    try (PowerNode anywhere = PowerNode.builder("any").loader(OnnxLoader.create()).build();
        Orchestrator dim = orchestrator().node(anywhere).build()) {
      Tensor patients = data.rows(DemoJobs.NORTH).tensor();
      ChainedJobBuilder job = triaged(JobSpec.chained().input("features", patients), "client_data");
      urgency = values(dim.submit(job.build()).await(LIMIT), "urgency");
      malignant = values(dim.submit(diagnosed(job, step -> {}).build()).await(LIMIT), "malignant");
    }
  }

  @AfterAll
  static void delete() {
    data.close();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private static OrchestratorBuilder orchestrator() {
    OrchestratorBuilder builder = Dim.orchestrator();
    data.models().forEach(builder::model);
    return builder;
  }

  private static CabinetPolicy means() {
    return CabinetPolicy.denyAll()
        .allowAnyModel()
        .allowAnyRequester()
        .allowAnyPurpose()
        .allowReductions("mean");
  }

  private static PowerNode hospital(CabinetPolicy policy) {
    return hospital(DemoJobs.NORTH, policy);
  }

  private static PowerNode hospital(String id, CabinetPolicy policy) {
    return PowerNode.builder(id)
        .loader(OnnxLoader.create())
        .cabinet(data.cabinet(id), policy)
        .batchRows(16)
        .build();
  }

  private Orchestrator dim(CabinetPolicy policy) {
    PowerNode node = hospital(policy);
    Orchestrator dim = orchestrator().node(node).build();
    open.add(dim);
    open.add(node);
    return dim;
  }

  private static ChainedJobBuilder triaged(ChainedJobBuilder job, String source) {
    return job.step("Normalise", "breast-normalise", step -> place(step, source).from(source))
        .step("Triage", "breast-triage");
  }

  private static ChainedJobBuilder.Step place(ChainedJobBuilder.Step step, String source) {
    return source.equals(DemoJobs.CABINET) ? step.node(DemoJobs.NORTH) : step;
  }

  private static ChainedJobBuilder diagnosed(
      ChainedJobBuilder job, Consumer<ChainedJobBuilder.Step> details) {
    return job.step(
        "Diagnosis",
        "breast-diagnosis",
        step -> {
          step.from("step_2_output").input("normalised", "step_1_output.normalised");
          details.accept(step);
        });
  }

  private static JobSpec overPatients(Consumer<ChainedJobBuilder.Step> details) {
    return diagnosed(triaged(JobSpec.chained(), DemoJobs.CABINET), details).build();
  }

  private static double[] values(JobResult result, String output) {
    return result.output().tensors().get(output).toDoubles();
  }

  private static double mean(IntToDoubleFunction value) {
    return IntStream.range(0, malignant.length).mapToDouble(value).average().orElseThrow();
  }

  @Test
  void chain_overPatientsWhoseRowsStay_hasTheMeanOfThoseSeen() {
    JobResult result =
        dim(means()).submit(overPatients(step -> step.reduce(ReductionSpec.mean()))).await(LIMIT);

    assertThat(values(result, "malignant"))
        .containsExactly(new double[] {mean(row -> malignant[row])}, within(1e-6));
    assertThat(result.trace())
        .extracting(step -> step.nodeId().orElse(""))
        .containsOnly(DemoJobs.NORTH);
  }

  @Test
  void chain_withAVoteOnAnotherHospitalsPatientsInBetween_letsNoRowLeave() {
    String other = DemoData.HOSPITALS.get(1);
    PowerNode votes = hospital(other, means().allowReductions("votes").allowRowLevel());
    PowerNode north = hospital(means());
    open.add(votes);
    open.add(north);
    JobSpec job =
        JobSpec.chained()
            .step(
                "Normalise",
                "breast-normalise",
                step -> step.node(DemoJobs.NORTH).from(DemoJobs.CABINET))
            .block(
                "Committee",
                JobSpec.comparative("breast-lr", "breast-forest")
                    .node(other)
                    .cabinet(DemoJobs.CABINET)
                    .build()
                    .config())
            .step(
                "Triage",
                "breast-triage",
                step -> step.from("step_1_output").reduce(ReductionSpec.mean()))
            .build();
    try (Orchestrator dim = orchestrator().node(north).node(votes).build()) {
      JobResult result = dim.submit(job).await(LIMIT);

      assertThat(values(result, "urgency"))
          .containsExactly(
              new double[] {Arrays.stream(urgency).average().orElseThrow()}, within(1e-6));
    }
  }

  @Test
  void chain_withAReductionThatReadsTheTruth_stillHasIt() {
    JobResult result =
        dim(means().allowReductions("metrics"))
            .submit(overPatients(step -> step.reduce(ReductionSpec.metrics())))
            .await(LIMIT);

    List<String> truths = data.rows(DemoJobs.NORTH).truths();
    long right =
        IntStream.range(0, malignant.length)
            .filter(row -> (malignant[row] >= 0.5) == truths.get(row).equals("malignant"))
            .count();
    Metrics metrics = result.output().metrics().orElseThrow();
    assertThat(metrics.samples()).isEqualTo(malignant.length);
    assertThat(metrics.accuracy()).isCloseTo((double) right / malignant.length, within(1e-12));
  }

  @Test
  void chain_whoseOwnerLetsNoRowsLeave_failsWithoutAReduction() {
    DimException denied =
        catchThrowableOfType(
            DimException.class, () -> dim(means()).submit(overPatients(step -> {})).await(LIMIT));

    assertThat(denied.code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(denied.getMessage()).contains("Diagnosis").contains("the reduction is not allowed");
  }

  @Test
  void urgentPatients_alone_goThroughTheDiagnosisOnTheirNode() {
    double median = Arrays.stream(urgency).sorted().skip(urgency.length / 2).findFirst().orElse(0);
    String urgent = "step_2_output.urgency > " + median;
    long through = Arrays.stream(urgency).filter(u -> u > median).count();
    JobSpec job =
        overPatients(
            step -> step.rows(urgent).otherwise("malignant", 0).reduce(ReductionSpec.mean()));

    JobResult result = dim(means().allowConditions()).submit(job).await(LIMIT);

    assertThat(values(result, "malignant"))
        .containsExactly(
            new double[] {mean(row -> urgency[row] > median ? malignant[row] : 0)}, within(1e-6));
    assertThat(result.trace().get(2).rows()).contains(new RoutedRows(through, malignant.length));
    assertThat(
            catchThrowableOfType(DimException.class, () -> dim(means()).submit(job).await(LIMIT))
                .getMessage())
        .contains("conditions on rows are not allowed");
  }

  @Test
  void oneUrgentPatient_alone_isNotTold() {
    double most = Arrays.stream(urgency).sorted().skip(urgency.length - 2).findFirst().orElse(0);
    JobSpec job =
        overPatients(
            step ->
                step.rows("step_2_output.urgency > " + most)
                    .otherwise("malignant", 0)
                    .reduce(ReductionSpec.mean()));

    assertThat(
            catchThrowableOfType(
                    DimException.class,
                    () -> dim(means().allowConditions()).submit(job).await(LIMIT))
                .getMessage())
        .contains("fewer rows than the minimum of 5 stand behind the answer");
  }

  @Test
  void condition_onRowsThatStay_decidesWhatRuns() {
    double most = Arrays.stream(urgency).max().orElseThrow();
    for (boolean holds : new boolean[] {true, false}) {
      String when = "any(step_2_output.urgency > %s)".formatted(holds ? most / 2 : most);
      JobResult result =
          dim(means().allowConditions())
              .submit(overPatients(step -> step.when(when).reduce(ReductionSpec.mean())))
              .await(LIMIT);

      assertThat(result.trace().get(2).status())
          .isEqualTo(holds ? TraceStatus.DONE : TraceStatus.SKIPPED);
      assertThat(result.output().tensors().isEmpty()).isEqualTo(!holds);
    }
  }

  @Test
  void nodeThatRestarts_hasLostItsRowsAndMakesThemAgain() {
    Restarting node = new Restarting("a1/s3");
    open.add(node);
    try (Orchestrator dim = orchestrator().node(node).build()) {
      JobResult result =
          dim.submit(overPatients(step -> step.reduce(ReductionSpec.mean()))).await(LIMIT);

      assertThat(values(result, "malignant"))
          .containsExactly(new double[] {mean(row -> malignant[row])}, within(1e-6));
      assertThat(result.trace())
          .extracting((TraceStep t) -> t.name() + " " + t.status() + " a" + t.attempt())
          .containsExactly(
              "Normalise DONE a1",
              "Triage DONE a1",
              "Diagnosis FAILED a1",
              "Normalise DONE a2",
              "Triage DONE a2",
              "Diagnosis DONE a2");
      assertThat(result.trace().get(2).error().orElseThrow().code()).isEqualTo(ErrorCode.ROWS_LOST);
    }
  }

  /** A hospital whose process is replaced by a new one when a step arrives. */
  private static final class Restarting implements NodeEndpoint, AutoCloseable {
    private final String step;
    private PowerNode now = hospital(means());
    private Optional<BlobSource> models = Optional.empty();

    Restarting(String step) {
      this.step = step;
    }

    @Override
    public NodeProfile profile() {
      return now.profile();
    }

    @Override
    public NodeLoad load() {
      return now.load();
    }

    @Override
    public synchronized void attach(BlobSource source) {
      models = Optional.of(source);
      now.attach(source);
    }

    @Override
    public synchronized CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      if (task.id().step().equals(step)) {
        now.close();
        now = hospital(means());
        models.ifPresent(now::attach);
      }
      return now.execute(task, deadline);
    }

    @Override
    public void cancel(TaskId task, long epoch) {
      now.cancel(task, epoch);
    }

    @Override
    public void acknowledge(TaskId task) {
      now.acknowledge(task);
    }

    @Override
    public void close() {
      now.close();
    }
  }
}
