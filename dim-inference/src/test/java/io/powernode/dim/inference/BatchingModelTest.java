package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.inference.BatchingTrial.Verdict;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchingModelTest {
  private final TimedModel inner = new TimedModel();

  private Model model(int maxRows) {
    Model model = BatchingModel.of(inner, "m", inner.batching(maxRows));
    inner.runs.clear();
    return model;
  }

  /** Requests of so many rows each, no two rows alike. */
  private static List<Map<String, Tensor>> requests(int... rows) {
    List<Map<String, Tensor>> requests = new ArrayList<>();
    float next = 0;
    for (int some : rows) {
      float[] values = new float[2 * some];
      for (int i = 0; i < values.length; i++) {
        values[i] = next++;
      }
      requests.add(Map.of("x", Tensor.ofFloats(values, some, 2)));
    }
    return requests;
  }

  private static List<Map<String, Tensor>> answers(List<Map<String, Tensor>> requests) {
    return requests.stream().map(request -> Map.of("y", request.get("x"))).toList();
  }

  @Test
  void listener_thatThrows_keepsNoModelFromLoading() {
    List<BatchingTrial> heard = new ArrayList<>();
    MicroBatching batching =
        inner
            .batching(4)
            .withListener(
                trial -> {
                  heard.add(trial);
                  throw new IllegalStateException("a defect, on purpose");
                });

    assertThat(BatchingModel.of(inner, "m", batching)).isInstanceOf(BatchingModel.class);
    assertThat(heard).hasSize(1);
  }

  @Test
  void inferAll_ofRequestsOfManySizes_joinsNoMoreRowsThanAllowed() {
    List<Map<String, Tensor>> requests = requests(1, 2, 1, 3, 5, 1, 0, 1, 1);

    assertThat(model(4).inferAll(requests, Cancellation.none())).isEqualTo(answers(requests));
    // 1 + 2 + 1, 3, 5 alone, 1, nothing alone, 1 + 1.
    assertThat(inner.runs).containsExactly(4L, 3L, 5L, 1L, 0L, 2L);
  }

  @Test
  void inferAll_ofOneOrNoRequest_runsAsItIs() {
    Model model = model(4);

    assertThat(model.inferAll(requests(2), Cancellation.none())).isEqualTo(answers(requests(2)));
    assertThat(model.inferAll(List.of(), Cancellation.none())).isEmpty();
    assertThat(inner.runs).containsExactly(2L);
  }

  @Test
  void inferAll_withARequestThatDoesNotFit_runsNothing() {
    Model model = model(4);
    List<Map<String, Tensor>> requests = new ArrayList<>(requests(1, 1));
    requests.add(Map.of("x", Tensor.ofFloats(new float[3], 1, 3)));

    assertThatThrownBy(() -> model.inferAll(requests, Cancellation.none()))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA));
    assertThat(inner.runs).isEmpty();
  }

  /** A row of its own keeps no other row in memory, nor can it be changed through them. */
  @Test
  void inferAll_always_copiesEachAnswer() {
    List<Map<String, Tensor>> answers = model(4).inferAll(requests(1, 1), Cancellation.none());

    assertThat(answers.get(0).get("y").byteSize()).isEqualTo(8);
    assertThat(answers.get(0).get("y").data().capacity()).isEqualTo(8);
  }

  @Test
  void of_modelThatGainsNothing_isThatModel() {
    inner.function = x -> Tensor.ofFloats(new float[x.elements()], x.elements() / 2, 2);
    inner.perRun = inner.perRow;
    inner.perRow = inner.perRow.multipliedBy(100);

    assertThat(BatchingModel.of(inner, "m", inner.batching(4))).isSameAs(inner);
    assertThat(inner.jointRows()).isEqualTo(1);
  }

  @Test
  void close_always_closesTheModel() {
    model(4).close();

    assertThat(inner.closed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -1, 1025})
  void maxRows_outOfRange_isRefused(int rows) {
    MicroBatching batching = inner.batching(2);
    assertThatThrownBy(() -> batching.withMaxRows(rows))
        .isInstanceOf(DimException.class)
        .hasMessage("maxRows: is out of range; allowed: 2 to 1024");
  }

  /** On a clock of the test's own, so that the verdict does not depend on the machine. */
  @Test
  void onnxModel_withTheOption_answersTogetherWhatItAnswersAlone() {
    Path file = TestFiles.shared("models/ours/wdbc_mlp.onnx");
    SettableClock clock = new SettableClock();
    List<BatchingTrial> trials = new ArrayList<>();
    MicroBatching batching = new MicroBatching(clock::nanoTime, 16, trials::add);
    try (Model alone = TestFiles.load(file);
        Model standing = load(file, batching);
        Model together = BatchingModel.of(timed(alone, clock), "m", batching)) {
      assertThat(standing.jointRows()).isEqualTo(1);
      assertThat(trials.get(0).verdict()).isEqualTo(Verdict.DOES_NOT_PAY);
      assertThat(trials.get(1).verdict()).isEqualTo(Verdict.PAYS);
      assertThat(together.jointRows()).isEqualTo(16);

      List<Map<String, Tensor>> rows = TrialRows.of(alone.signature().inputs(), 11);
      List<Map<String, Tensor>> answers = together.inferAll(rows, Cancellation.none());
      IntStream.range(0, rows.size())
          .forEach(
              i ->
                  alone
                      .infer(rows.get(i), Cancellation.none())
                      .forEach(
                          (name, tensor) ->
                              assertThat(answers.get(i).get(name).closeTo(tensor, 1e-6, 1e-5))
                                  .isTrue()));
    }
  }

  private static Model load(Path file, MicroBatching batching) {
    return OnnxLoader.builder()
        .microBatching(batching)
        .build()
        .load(
            TestFiles.describe(file, TestFiles.UNDECLARED),
            ModelFiles.of(file),
            LoadOptions.standard());
  }

  /** The model, with runs that all take as long. */
  private static Model timed(Model model, SettableClock clock) {
    return new Model() {
      @Override
      public Signature signature() {
        return model.signature();
      }

      @Override
      public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
        clock.advance(Duration.ofNanos(20_000));
        return model.infer(inputs, cancellation);
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }
}
