package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.pytorch.jni.JniUtils;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.CancellationSource;
import io.powernode.dim.spi.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Running small models of the test's own in PyTorch. */
class TorchModelTest {
  private static final TensorSpec X = TensorSpec.of("x", DataType.FP32, -1, 2);
  private static final TensorSpec Y = TensorSpec.of("y", DataType.FP32, -1, 2);
  private static final Tensor ROW = Tensor.ofFloats(new float[] {1, -2}, 1, 2);

  @TempDir private Path folder;

  private Path write(String arguments, String result, String... body) {
    return TestFiles.write(folder, ScriptFile.forward(arguments, result, body).toBytes());
  }

  private Path doubling() {
    return write("x: Tensor", "Tensor", "return torch.mul(x, 2)");
  }

  static Stream<DataType> tensorTypes() {
    return TorchType.TENSOR.dataTypes().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("tensorTypes")
  void infer_ofAnyType_keepsEachBit(DataType type) {
    Path file = write("x: Tensor", "Tensor", "return torch.clone(x)");
    ByteBuffer bytes = ByteBuffer.allocate(6 * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put((byte) (type == DataType.BOOL ? i % 2 : 17 * i + 3));
    }
    Tensor x = Tensor.wrap(type, new long[] {2, 3}, bytes.flip());
    List<TensorSpec> in = List.of(TensorSpec.of("x", type, -1, 3));
    List<TensorSpec> out = List.of(TensorSpec.of("y", type, -1, 3));

    for (Tensor tensor : List.of(x, Tensor.wrap(type, new long[] {0, 3}, ByteBuffer.allocate(0)))) {
      assertThat(TorchFiles.infer(file, in, out, Map.of("x", tensor)))
          .containsExactly(Map.entry("y", tensor));
    }
  }

  @Test
  void infer_ofSingleValues_takesAndGivesTensorsWithoutDimensions() {
    Path file =
        write(
            "i: int,\n    f: float,\n    b: bool,\n    k: int=40",
            "Tuple[int, float, bool, Tensor]",
            "_0 = (torch.add(i, k), torch.mul(f, 2.), torch.__not__(b), torch.tensor(i))",
            "return _0");
    Map<String, Tensor> inputs =
        Map.of(
            "i", Tensor.scalar(2L),
            "f", Tensor.scalar(1.25),
            "b", Tensor.ofBooleans(new boolean[] {true}).reshape());

    assertThat(
            TorchFiles.infer(
                file,
                List.of(
                    TensorSpec.of("i", DataType.INT64),
                    TensorSpec.of("f", DataType.FP64),
                    TensorSpec.of("b", DataType.BOOL)),
                List.of(
                    TensorSpec.of("sum", DataType.INT64),
                    TensorSpec.of("twice", DataType.FP64),
                    TensorSpec.of("not", DataType.BOOL),
                    TensorSpec.of("same", DataType.INT64)),
                inputs))
        .containsExactly(
            Map.entry("sum", Tensor.scalar(42L)),
            Map.entry("twice", Tensor.scalar(2.5)),
            Map.entry("not", Tensor.ofBooleans(new boolean[] {false}).reshape()),
            Map.entry("same", Tensor.scalar(2L)));
  }

  /** A model may use its arguments as scratch paper. */
  @Test
  void infer_ofModelThatWritesToItsInput_leavesTheCallersTensor() {
    Path file = write("x: Tensor", "Tensor", "return torch.mul_(x, 2)");
    ByteBuffer direct = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
    direct.putFloat(1).putFloat(-2).flip();
    Tensor x = Tensor.wrap(DataType.FP32, new long[] {1, 2}, direct);

    Map<String, Tensor> answer = TorchFiles.infer(file, List.of(X), List.of(Y), Map.of("x", x));

    assertThat(answer.get("y").toDoubles()).containsExactly(2, -4);
    assertThat(x.toDoubles()).containsExactly(1, -2);
  }

  @Test
  void infer_ofViewThatIsNotContiguous_answersInRowMajorOrder() {
    Path file = write("x: Tensor", "Tensor", "return torch.t(x)");
    Tensor x = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    List<TensorSpec> out = List.of(TensorSpec.of("y", DataType.FP32, 2, -1));

    assertThat(TorchFiles.infer(file, List.of(X), out, Map.of("x", x)).get("y"))
        .isEqualTo(Tensor.ofFloats(new float[] {1, 3, 5, 2, 4, 6}, 2, 3));
  }

  /** Otherwise answers would tell one caller of another's data. */
  @Test
  void infer_ofModelThatKeepsState_answersEachTimeAsTheFirst() {
    ScriptFile counter =
        ScriptFile.of(
                "  n : int\n"
                    + "  def forward(self: __torch__.M,\n"
                    + "    x: Tensor) -> Tensor:\n"
                    + "    n = self.n\n"
                    + "    n0 = torch.add(n, 1)\n"
                    + "    self.n = n0\n"
                    + "    return torch.mul(x, n0)\n")
            .part("data.pkl", ScriptFile.pickleOf("__torch__", "M", "X\1\0\0\0nK\0"));
    Path file = TestFiles.write(folder, counter.toBytes());

    try (Model model = TorchFiles.load(file, List.of(X), List.of(Y))) {
      for (int i = 0; i < 3; i++) {
        assertThat(model.infer(Map.of("x", ROW), Cancellation.none()).get("y")).isEqualTo(ROW);
      }
    }
  }

  @Test
  void infer_ofModelThatFails_saysSoWithoutItsWords() {
    Path file =
        write(
            "x: Tensor",
            "Tensor",
            "ops.prim.RaiseException(torch.format(\"value {}\", x), \"builtins.ValueError\")",
            "return x");

    DimException failure =
        catchThrowableOfType(
            DimException.class,
            () -> TorchFiles.infer(file, List.of(X), List.of(Y), Map.of("x", ROW)));

    assertThat(failure.code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(failure).hasMessageStartingWith("the model failed in PyTorch").message();
    assertThat(failure.getMessage()).doesNotContain("value");
    assertThat(failure.getCause()).hasMessageContaining("value");
  }

  static Stream<TensorSpec> wrongOutputs() {
    return Stream.of(
        TensorSpec.of("y", DataType.FP64, -1, 2),
        TensorSpec.of("y", DataType.FP32, -1, 3),
        TensorSpec.of("y", DataType.FP32, -1));
  }

  @ParameterizedTest
  @MethodSource("wrongOutputs")
  void infer_thatAnswersOtherwiseThanDescribed_saysWhat(TensorSpec output) {
    Path file = doubling();

    DimException failure =
        catchThrowableOfType(
            DimException.class,
            () -> TorchFiles.infer(file, List.of(X), List.of(output), Map.of("x", ROW)));

    assertThat(failure.code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(failure)
        .hasMessageMatching("output y: is (float32|FP32\\[1, 2]); allowed: FP(32|64)\\[-1.*");
  }

  @Test
  void load_ofCodeThatPyTorchRefuses_isInvalid() {
    Path file = write("x: Tensor", "Tensor", "return torch.no_such_operator(x)");

    DimException refusal = TorchFiles.refusal(file, List.of(X), List.of(Y));

    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining("PyTorch refuses").message().doesNotContain("/");
  }

  @Test
  void infer_cancelledOnItsWay_dropsTheAnswer() {
    CancellationSource source = new CancellationSource();
    try (Model model = TorchFiles.load(doubling(), List.of(X), List.of(Y))) {
      Cancellation late =
          new Cancellation() {
            private boolean asked;

            @Override
            public boolean isCancelled() {
              boolean before = asked;
              asked = true;
              return before;
            }

            @Override
            public Subscription onCancel(Runnable action) {
              return source.onCancel(action);
            }
          };
      DimException end =
          catchThrowableOfType(DimException.class, () -> model.infer(Map.of("x", ROW), late));
      assertThat(end.code()).isEqualTo(ErrorCode.CANCELLED);
    }
  }

  /** A mistake here brings the JVM down, and with it the suite. */
  @Test
  void close_underManyRuns_waitsForThemAndRefusesMore() throws Exception {
    Path file = doubling();
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        Model model = TorchFiles.load(file, List.of(X), List.of(Y));
        List<Future<ErrorCode>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          ends.add(callers.submit(() -> inferUntilRefused(model)));
        }
        model.infer(Map.of("x", ROW), Cancellation.none());
        model.close();
        for (Future<ErrorCode> end : ends) {
          assertThat(end.get()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
      }
    } finally {
      callers.shutdownNow();
    }
  }

  private static ErrorCode inferUntilRefused(Model model) {
    try {
      while (true) {
        model.infer(Map.of("x", ROW), Cancellation.none());
      }
    } catch (DimException e) {
      return e.code();
    }
  }

  /** Callers bring the parallelism. */
  @Test
  void pytorch_onceLoaded_usesOneThread() {
    try (Model model = TorchFiles.load(doubling(), List.of(X), List.of(Y))) {
      model.infer(Map.of("x", ROW), Cancellation.none());
      assertThat(JniUtils.getNumThreads()).isEqualTo(1);
      assertThat(JniUtils.getNumInteropThreads()).isEqualTo(1);
      assertThat(System.getProperty("ai.djl.offline")).isNull();
    }
  }

  @Test
  void infer_ofManyRows_isTheSameFromTheFirstRunOn() {
    Path file =
        write(
            "x: Tensor",
            "Tensor",
            "return torch.sigmoid(torch.mul(torch.tanh(torch.exp(x)), 0.7))");
    float[] values = new float[2000];
    IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(i));
    Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(values, 1000, 2));
    try (Model model = TorchFiles.load(file, List.of(X), List.of(Y))) {
      Map<String, Tensor> first = model.infer(inputs, Cancellation.none());
      for (int i = 0; i < 10; i++) {
        assertThat(model.infer(inputs, Cancellation.none())).isEqualTo(first);
      }
    }
  }
}
