package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each optimizer against steps that can be followed by hand, and against numbers of 50 digits. */
class ServerOptimizerTest {
  private static ServerOptimizer start(String name, Options options) {
    return OptimizerKind.of(name).orElseThrow().start(options);
  }

  private static Options options(String text) {
    Options options = Options.none();
    for (String option : text.isEmpty() ? new String[0] : text.split(" ")) {
      String[] parts = option.split("=");
      options = options.with(parts[0], Double.parseDouble(parts[1]));
    }
    return options;
  }

  /** How far one number moves in each of several rounds. */
  private static double[] steps(ServerOptimizer optimizer, double... directions) {
    return Arrays.stream(directions)
        .map(direction -> optimizer.step("w", new double[] {direction}, Optional.empty())[0])
        .toArray();
  }

  static Stream<Arguments> byHand() {
    return Stream.of(
        arguments("fedavg", "", new double[] {2, -1}, new double[] {2, -1}),
        arguments("fedavg", "learningRate=0.5", new double[] {2, -1}, new double[] {1, -0.5}),
        // v is 2, then 1 - 1 = 0, then 4.
        arguments("momentum", "momentum=0.5", new double[] {2, -1, 4}, new double[] {2, 0, 4}),
        // v is 16 + 9 = 25, then 25 + 144 = 169; 3 / (5 + 4) and 12 / (13 + 4).
        arguments(
            "fedadagrad",
            "learningRate=1 tau=4",
            new double[] {3, 12},
            new double[] {3 / 9., 12 / 17.}),
        // m is 2; v is the mean of 2² and 4², which is 10.
        arguments(
            "fedadam",
            "learningRate=1 beta1=0.5 beta2=0.5 tau=2",
            new double[] {4},
            new double[] {2 / (Math.sqrt(10) + 2)}),
        // v is 4, below 4²: it grows by half of that to 12; then, above 2², it shrinks by 2 to 10.
        arguments(
            "fedyogi",
            "learningRate=1 beta1=0 beta2=0.5 tau=2",
            new double[] {4, 2},
            new double[] {4 / (Math.sqrt(12) + 2), 2 / (Math.sqrt(10) + 2)}));
  }

  @ParameterizedTest
  @MethodSource("byHand")
  void step_ofAFewRounds_isTheOneByHand(
      String name, String options, double[] directions, double[] expected) {
    assertThat(steps(start(name, options(options)), directions))
        .containsExactly(expected, within(1e-15));
  }

  static List<String> vectors() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            ServerOptimizerTest.class.getResourceAsStream("server-optimizers.csv"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  static Stream<String> cases() throws IOException {
    return vectors().stream().skip(1);
  }

  /** The file is made by server_optimizers.py beside it, which shares nothing with the code. */
  @ParameterizedTest
  @MethodSource("cases")
  void step_ofManyRounds_agreesWithFiftyDigits(String line) throws IOException {
    double[] deltas = numbers(vectors().get(0));
    double[] expected = numbers(line);
    String[] cells = line.split("\\|");
    double[] steps = steps(start(cells[0], options(cells[1])), deltas);
    double at = 0.75;
    for (int round = 0; round < steps.length; round++) {
      at += steps[round];
      assertThat(at).as("round %d", round + 1).isCloseTo(expected[round], within(1e-14));
    }
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split("\\|")).skip(2).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void cases_always_coverEveryOptimizerButNewton() throws IOException {
    assertThat(cases().map(line -> line.split("\\|")[0]).distinct())
        .containsExactlyInAnyOrder("fedavg", "momentum", "fedadagrad", "fedadam", "fedyogi");
    assertThat(OptimizerKind.names())
        .containsExactly("fedadagrad", "fedadam", "fedavg", "fedyogi", "momentum", "newton");
  }

  @Test
  void step_ofSeveralParameters_remembersEachOnItsOwn() {
    ServerOptimizer together = start("momentum", Options.none());
    together.step("a", new double[] {5, 7}, Optional.empty());
    assertThat(together.step("b", new double[] {1}, Optional.empty())).containsExactly(1);
    assertThat(together.step("a", new double[] {0, 0}, Optional.empty()))
        .containsExactly(new double[] {4.5, 6.3}, within(1e-15));
  }

  @Test
  void newton_onAParabola_reachesItsLeastPointInOneStep() {
    // Of 2x² + 2xy + 3y² - 14x - 22y, whose least point is (2, 3): at (0, 0) the gradient is
    // (-14, -22) and the Hessian ((4, 2), (2, 6)).
    double[] hessian = {4, 2, 2, 6};
    double[] step =
        start("newton", Options.none()).step("w", new double[] {14, 22}, Optional.of(hessian));
    assertThat(step).containsExactly(new double[] {2, 3}, within(1e-14));
    double[] half =
        start("newton", options("learningRate=0.5"))
            .step("w", new double[] {14, 22}, Optional.of(hessian));
    assertThat(half).containsExactly(new double[] {1, 1.5}, within(1e-14));
  }

  static Stream<double[]> hopeless() {
    return Stream.of(
        new double[] {1, 2, 2, 1},
        new double[] {-1, 0, 0, 1},
        new double[] {0, 0, 0, 0},
        new double[] {1, 1, 1, 1},
        new double[] {1, 1, 1, 1 + 1e-16},
        new double[] {1e-300, 0, 0, -1e-300},
        new double[] {4, 2, -2, 6});
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void newton_withoutAPositiveDefiniteHessian_saysSo(double[] hessian) {
    assertThatThrownBy(
            () ->
                start("newton", Options.none())
                    .step("w", new double[] {1, 1}, Optional.of(hessian)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageStartingWith("the Hessian of w is not symmetric and positive definite");
  }
}
