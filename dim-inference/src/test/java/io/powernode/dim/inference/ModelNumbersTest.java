package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real models give the numbers that others got from them. */
class ModelNumbersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The 569 rows of WDBC: id, diagnosis, 30 features. */
  private static BreastRows wdbc() throws IOException {
    return BreastRows.of(Files.readAllLines(TestFiles.shared("wdbc/wdbc.data")), 2, 1, "M");
  }

  @ParameterizedTest
  @CsvSource({"lr, probability", "mlp, probability", "tree, label", "forest, label"})
  void wdbcModels_onWdbc_areNearlyAlwaysRight(String kind, String output) throws IOException {
    BreastRows rows = wdbc();
    Path file = TestFiles.shared("models/ours/wdbc_" + kind + ".onnx");
    double[] answers =
        TestFiles.infer(file, Map.of("features", rows.features())).get(output).toDoubles();
    assertThat(rows.accuracy(answers)).isGreaterThan(0.93);
  }

  /** The same network, computed here from the weights that PyTorch saved. */
  @Test
  void wdbcMlp_onWdbc_agreesWithItsWeights() throws IOException {
    BreastRows rows = wdbc();
    Path file = TestFiles.shared("models/ours/wdbc_mlp.onnx");
    double[] answers =
        TestFiles.infer(file, Map.of("features", rows.features())).get("probability").toDoubles();
    Weights weights = new Weights(TestFiles.shared("models/ours/wdbc_mlp.safetensors"));
    for (int i = 0; i < rows.truth().length; i++) {
      double[] x = new double[30];
      for (int j = 0; j < 30; j++) {
        x[j] = (rows.values()[i * 30 + j] - weights.of("mu").get(j)) / weights.of("sd").get(j);
      }
      double[] hidden = weights.linear("fc1", x);
      for (int j = 0; j < hidden.length; j++) {
        hidden[j] = Math.max(0, hidden[j]);
      }
      double expected = 1 / (1 + Math.exp(-weights.linear("fc2", hidden)[0]));
      assertThat(answers[i]).isCloseTo(expected, within(2e-6));
    }
  }

  /** Tensors of a safetensors file. */
  private static final class Weights {
    private final ByteBuffer data;
    private final JsonNode header;

    Weights(Path file) throws IOException {
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      byte[] text = new byte[(int) all.getLong()];
      all.get(text);
      header = JSON.readTree(text);
      data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    FloatBuffer of(String name) {
      JsonNode offsets = header.get(name).get("data_offsets");
      int from = offsets.get(0).asInt();
      int to = offsets.get(1).asInt();
      return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    double[] linear(String layer, double[] x) {
      FloatBuffer weight = of(layer + ".weight");
      FloatBuffer bias = of(layer + ".bias");
      double[] y = new double[bias.remaining()];
      for (int i = 0; i < y.length; i++) {
        y[i] = bias.get(i);
        for (int j = 0; j < x.length; j++) {
          y[i] += weight.get(i * x.length + j) * x[j];
        }
      }
      return y;
    }
  }

  static Stream<Arguments> mnistModels() {
    return Stream.of(
        arguments("tribuo_cnn_mnist", "mnist_test_head", new long[] {62, 1, 28, 28}, false),
        arguments("mnist_cntk", "mnist_test_head", new long[] {1, 1, 28, 28}, true),
        arguments("lr", "transposed_mnist_test_head", new long[] {62, 784}, false));
  }

  /** 62 MNIST images; the expected classes and numbers are those of mnist-expected.json. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("mnistModels")
  void mnistModels_onMnist_predictWhatIsExpected(
      String name, String images, long[] shape, boolean oneByOne) throws IOException {
    JsonNode run =
        JSON.readTree(TestFiles.shared("models/onnx-real/mnist-expected.json").toFile())
            .get("runs")
            .get(name);
    String file = name.equals("lr") ? "tribuo_lr_mnist" : name;
    float[][] pixels = mnist(TestFiles.shared("mnist-sample/" + images + ".libsvm"));
    double[] scores = new double[pixels.length * 10];
    try (Model model = TestFiles.load(TestFiles.shared("models/onnx-real/" + file + ".onnx"))) {
      String input = model.signature().inputs().get(0).name();
      List<TensorSpec> outputs = model.signature().outputs();
      String output = outputs.get(outputs.size() - 1).name();
      int step = oneByOne ? 1 : pixels.length;
      for (int i = 0; i < pixels.length; i += step) {
        float[] batch = new float[step * 784];
        for (int j = 0; j < step; j++) {
          System.arraycopy(pixels[i + j], 0, batch, j * 784, 784);
        }
        Tensor x = Tensor.ofFloats(batch, shape);
        double[] answer =
            model.infer(Map.of(input, x), Cancellation.none()).get(output).toDoubles();
        System.arraycopy(answer, 0, scores, i * 10, answer.length);
      }
    }
    for (int i = 0; i < pixels.length; i++) {
      assertThat(argmax(scores, i * 10)).isEqualTo(run.get("predicted").get(i).asInt());
    }
    for (int j = 0; run.has("first_image_output") && j < 10; j++) {
      double expected = run.get("first_image_output").get(j).asDouble();
      assertThat(scores[j]).isCloseTo(expected, within(1e-3 + 1e-5 * Math.abs(expected)));
    }
  }

  private static float[][] mnist(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(
            line -> {
              float[] pixels = new float[784];
              Stream.of(line.split("\\s+"))
                  .skip(1)
                  .map(cell -> cell.split(":"))
                  .forEach(c -> pixels[Integer.parseInt(c[0])] = Float.parseFloat(c[1]));
              return pixels;
            })
        .toArray(float[][]::new);
  }

  private static int argmax(double[] values, int from) {
    return IntStream.range(0, 10)
        .reduce((a, b) -> values[from + b] > values[from + a] ? b : a)
        .orElseThrow();
  }

  /** Silence is no speech. */
  @Test
  void sileroVad_onSilence_hearsNothing() {
    Tensor state = Tensor.wrap(DataType.FP32, new long[] {2, 1, 128}, ByteBuffer.allocate(1024));
    Map<String, Tensor> answer =
        TestFiles.infer(
            TestFiles.shared("models/silero_vad.onnx"),
            Map.of(
                "input", Tensor.ofFloats(new float[576], 1, 576),
                "state", state,
                "sr", Tensor.scalar(16000L)));
    assertThat(answer.get("output").shape()).containsExactly(1, 1);
    assertThat(answer.get("output").toDoubles()[0]).isBetween(0.0, 0.1);
    assertThat(answer.get("stateN").shape()).containsExactly(2, 1, 128);
  }
}
