package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.CollaborativeJobBuilder;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with rounds, or with the tensors of a collaborative job, is said at submit. */
class RoundsValidationTest {
  private static final Update GRADIENT = Update.gradient("gradient");
  private static final Update BOTH = GRADIENT.hessian("hessian");
  private static final Update VALUE = Update.value("trained");
  private static final Tensor TWO = Tensor.ofDoubles(new double[2]);

  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(
              FakeCatalog.model(
                  "m",
                  List.of(
                      TensorSpec.of("x", DataType.FP64, -1, 2),
                      TensorSpec.of("w", DataType.FP64, 2),
                      TensorSpec.of("half", DataType.FP16, 2),
                      TensorSpec.of("many", DataType.FP32, 2_001)),
                  List.of(
                      TensorSpec.of("gradient", DataType.FP64, -1, 2),
                      TensorSpec.of("hessian", DataType.FP64, -1, 2, 2),
                      TensorSpec.of("trained", DataType.FP64, -1, 2),
                      TensorSpec.of("open", DataType.FP64, -1, -1),
                      TensorSpec.of("loss", DataType.FP64, -1))))
          .model(
              FakeCatalog.model(
                  "only",
                  List.of(TensorSpec.of("x", DataType.FP64, -1), TensorSpec.of("w", DataType.FP64)),
                  List.of(TensorSpec.of("y", DataType.FP64, -1))))
          .model(FakeCatalog.model("open", List.of(), List.of()))
          .node("a", 0.9)
          .node("b", 0.9);

  private static CollaborativeJobBuilder job(Rounds rounds) {
    return plain().rounds(rounds).input("w", TWO);
  }

  private static CollaborativeJobBuilder plain() {
    return on("m");
  }

  private static CollaborativeJobBuilder on(String model) {
    return JobSpec.collaborative(model).nodes("a", "b").cabinet("patients");
  }

  private List<String> violations(CollaborativeJobBuilder builder) {
    JobSpec job = builder.build();
    CollaborativeSpec spec = (CollaborativeSpec) job.config();
    Violations violations = Violations.none();
    CollaborativeEngine engine = new CollaborativeEngine();
    engine.validate(spec, catalog, violations.at("config"));
    engine.validateInput(spec, job.inputData(), catalog, violations);
    return violations.list().stream().map(Violation::toString).toList();
  }

  static Stream<CollaborativeJobBuilder> sound() {
    return Stream.of(
        job(Rounds.fedAvg(1).update("w", VALUE)),
        job(Rounds.fedAvg(1).update("w", Update.gradient("open"))),
        job(Rounds.momentum(9).update("w", GRADIENT).with("momentum", 0).with("learningRate", 9)),
        job(Rounds.fedAdagrad(9).update("w", VALUE).with("beta1", 0.5).with("tau", 1)),
        job(Rounds.fedAdam(9).update("w", VALUE).with("beta2", 0.999).tolerance(1e-9)),
        job(Rounds.fedYogi(1_000).update("w", VALUE).with("tau", 1e-9)),
        job(Rounds.newton(9).update("w", BOTH).with("learningRate", 1)).normClip(5),
        job(Rounds.newton(9).update("w", BOTH))
            .reduce(ReductionSpec.sum())
            .aggregate(Aggregation.sum()),
        job(Rounds.fedAvg(9).update("w", VALUE)).aggregate(Aggregation.median()),
        on("only").rounds(Rounds.fedAvg(9)).input("w", Tensor.scalar(1.0)),
        on("open").rounds(Rounds.fedAvg(9).update("w", VALUE)).input("w", TWO).input("any", TWO),
        plain().input("w", TWO));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void validate_soundRounds_haveNoViolation(CollaborativeJobBuilder job) {
    assertThat(violations(job)).isEmpty();
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        arguments(
            job(Rounds.of("fedprox", 2).update("w", VALUE)),
            "config.rounds.optimizer: is unknown; allowed: fedadagrad, fedadam, fedavg, fedyogi,"
                + " momentum, newton"),
        arguments(
            job(Rounds.fedAvg(2).update("w", VALUE).with("learningRate", 0)),
            "config.rounds.learningRate: is out of range; allowed: above 0"),
        arguments(
            job(Rounds.fedAvg(2).update("w", VALUE).with("learningRate", "1")),
            "config.rounds.learningRate: has the wrong type; allowed: a number"),
        arguments(
            job(Rounds.newton(2).update("w", BOTH).with("learningRate", 1.5)),
            "config.rounds.learningRate: is out of range; allowed: above 0, at most 1"),
        arguments(
            job(Rounds.momentum(2).update("w", VALUE).with("momentum", 1)),
            "config.rounds.momentum: is out of range; allowed: 0 or more and below 1"),
        arguments(
            job(Rounds.fedAdam(2).update("w", VALUE).with("beta1", 1)),
            "config.rounds.beta1: is out of range; allowed: 0 or more and below 1"),
        arguments(
            job(Rounds.fedYogi(2).update("w", VALUE).with("beta2", -0.1)),
            "config.rounds.beta2: is out of range; allowed: 0 or more and below 1"),
        arguments(
            job(Rounds.fedAdagrad(2).update("w", VALUE).with("tau", 0)),
            "config.rounds.tau: is out of range; allowed: above 0"),
        arguments(
            job(Rounds.fedAdagrad(2).update("w", VALUE).with("beta2", 0.9)),
            "config.rounds.beta2: is not an option of this method; allowed: beta1, learningRate, tau"),
        arguments(
            job(Rounds.fedAvg(2).update("w", VALUE).with("tolerence", 0.9)),
            "config.rounds.tolerence: is not an option of this method; allowed: learningRate"),
        arguments(
            job(Rounds.newton(2)),
            "config.rounds.updates: is missing, which newton needs; allowed: the gradient and the"
                + " hessian of each parameter"),
        arguments(
            job(Rounds.newton(2).update("w", GRADIENT)),
            "config.rounds.updates.w.hessian: is missing, which newton needs; allowed: an output"),
        arguments(
            job(Rounds.fedAvg(2).update("w", BOTH)),
            "config.rounds.updates.w.hessian: is not used by fedavg; allowed: left out"),
        arguments(
            job(Rounds.fedAvg(2).update("w", Update.value("other"))),
            "config.rounds.updates.w.value: is no output of the model; allowed: gradient, hessian,"),
        arguments(
            job(Rounds.fedAvg(2).update("w", Update.gradient("other"))),
            "config.rounds.updates.w.gradient: is no output of the model"),
        arguments(
            job(Rounds.newton(2).update("w", GRADIENT.hessian("other"))),
            "config.rounds.updates.w.hessian: is no output of the model"),
        arguments(
            job(Rounds.fedAvg(2).update("w", Update.value("loss"))),
            "config.rounds.updates.w.value: has 1 numbers for a row, and its parameter needs 2"),
        arguments(
            job(Rounds.newton(2).update("w", GRADIENT.hessian("trained"))),
            "config.rounds.updates.w.hessian: has 2 numbers for a row, and its parameter needs 4"),
        arguments(
            job(Rounds.fedAvg(2).update("w", VALUE))
                .reduce(ReductionSpec.sum())
                .aggregate(Aggregation.sum()),
            "config.rounds.updates.w.value: does not go with the reduction sum, which adds the rows'"
                + " values; allowed: a reduction of mean, or a gradient"),
        arguments(
            job(Rounds.fedAvg(2)).reduce(ReductionSpec.sum()).aggregate(Aggregation.sum()),
            "config.rounds.updates: is missing, and sums are no new values"),
        arguments(
            job(Rounds.fedAvg(2).update("w", VALUE))
                .reduce(ReductionSpec.histogram(0, 1))
                .aggregate(Aggregation.histogram()),
            "config.rounds: do not go with the reduction histogram; allowed: a reduction of mean or"
                + " sum"),
        arguments(
            job(Rounds.fedAvg(2)),
            "config.rounds.updates: is missing, and no output is called like a tensor of inputData"),
        arguments(
            plain().rounds(Rounds.fedAvg(2).update("w", VALUE)),
            "inputData: lacks w, which the rounds update; allowed: each parameter's first value"),
        arguments(
            job(Rounds.fedAvg(2).update("v", VALUE)),
            "inputData: lacks v, which the rounds update"),
        arguments(
            plain().rounds(Rounds.fedAvg(2).update("w", VALUE)).input("w", longs(1, 2)),
            "inputData.w: is not of finite floating-point numbers, which rounds move"),
        arguments(
            plain()
                .rounds(Rounds.fedAvg(2).update("w", VALUE))
                .input("w", Tensor.ofDoubles(new double[] {1, Double.NaN})),
            "inputData.w: is not of finite floating-point numbers, which rounds move"),
        arguments(
            plain().rounds(Rounds.fedAvg(2).update("half", VALUE)).input("half", TWO),
            "inputData.half: is an input of type FP16, which rounds cannot move; allowed: an input of"
                + " type FP32 or FP64"),
        arguments(
            plain()
                .rounds(Rounds.newton(2).update("many", Update.gradient("open").hessian("hessian")))
                .input("many", Tensor.ofDoubles(new double[2_001])),
            "config.rounds.updates.many.hessian: is too large for a parameter of 2001 numbers;"
                + " allowed: a parameter of at most 2000"),
        arguments(
            plain().input("v", TWO),
            "inputData.v: is no input of the model; allowed: x, w, half, many"),
        arguments(
            plain().input("x", TWO.reshape(1, 2)),
            "inputData.x: is an input for rows; allowed: an input with a fixed first dimension"),
        arguments(
            plain().input("w", TWO.reshape(2, 1)),
            "inputData.w: has another shape than the model's input; allowed: [2]"));
  }

  private static Tensor longs(long... values) {
    return Tensor.ofLongs(values);
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_unsoundRounds_namesTheFieldAndWhatIsAllowed(
      CollaborativeJobBuilder job, String expected) {
    assertThat(violations(job)).anySatisfy(violation -> assertThat(violation).startsWith(expected));
  }
}
