package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo's models give the numbers that Python got from them (demo/expected.json). */
class DemoModelsTest {
  private static BreastRows north() throws IOException {
    List<String> lines = Files.readAllLines(TestFiles.demo("north/patients.csv"));
    return BreastRows.of(lines.subList(1, lines.size()), 1, 31, "malignant");
  }

  /**
   * The demo's committee; accuracies computed in Python with the same runtime (demo/expected.json).
   */
  @ParameterizedTest
  @CsvSource({
    "breast-lr, probabilities, 0.9666666666666667",
    "breast-forest, probabilities, 0.9466666666666667",
    "breast-mlp, probabilities, 0.98",
    "breast-boost, output_probability, 0.9333333333333333"
  })
  void demoModels_onTheirHospital_areAsOftenRightAsInPython(
      String name, String output, double expected) throws IOException {
    BreastRows rows = north();
    Path file = TestFiles.demo("models/" + name + ".onnx");
    List<String> labels = List.of("benign", "malignant");
    try (Model model =
        TestFiles.load(TestFiles.describe(file, TestFiles.UNDECLARED).withLabels(labels), file)) {
      Tensor answer =
          model.infer(Map.of("features", rows.features()), Cancellation.none()).get(output);
      assertThat(answer.shape()).containsExactly(150, 2);
      double[] both = answer.toDoubles();
      double[] malignant = IntStream.range(0, 150).mapToDouble(i -> both[2 * i + 1]).toArray();
      assertThat(rows.accuracy(malignant)).isCloseTo(expected, within(1e-12));
    }
  }

  /** Labels in another order move the columns of a model that answers maps. */
  @Test
  void demoBoost_withLabelsTurnedRound_turnsItsColumns() throws IOException {
    Map<String, Tensor> inputs = Map.of("features", north().features());
    Path file = TestFiles.demo("models/breast-boost.onnx");
    double[] sorted = TestFiles.infer(file, inputs).get("output_probability").toDoubles();
    List<String> turned = List.of("malignant", "benign");
    try (Model model =
        TestFiles.load(TestFiles.describe(file, TestFiles.UNDECLARED).withLabels(turned), file)) {
      double[] answer =
          model.infer(inputs, Cancellation.none()).get("output_probability").toDoubles();
      for (int i = 0; i < answer.length; i += 2) {
        assertThat(answer[i]).isEqualTo(sorted[i + 1]);
        assertThat(answer[i + 1]).isEqualTo(sorted[i]);
      }
    }
  }

  @Test
  void demoRisk_onNorth_hasTheMeanThatPythonFound() throws IOException {
    double[] risk =
        TestFiles.infer(
                TestFiles.demo("models/breast-risk.onnx"), Map.of("features", north().features()))
            .get("risk")
            .toDoubles();
    double mean = IntStream.range(0, risk.length).mapToDouble(i -> risk[i]).average().orElse(-1);
    assertThat(mean).isCloseTo(0.1986438856522242, within(1e-6));
  }
}
