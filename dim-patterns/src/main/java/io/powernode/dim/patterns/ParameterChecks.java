package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the tensors that come with a collaborative job can be inputs of its model. */
final class ParameterChecks {
  /** What a Hessian of as many rows and columns still takes a machine seconds to solve. */
  static final int MOST_OF_NEWTON = 2_000;

  private static final String FIELD = "inputData";
  private static final Set<DataType> MOVABLE = Set.of(DataType.FP32, DataType.FP64);

  private final CollaborativeSpec spec;
  private final ModelDescriptor model;
  private final Map<String, Tensor> inputData;

  ParameterChecks(CollaborativeSpec spec, ModelDescriptor model, Map<String, Tensor> inputData) {
    this.spec = spec;
    this.model = model;
    this.inputData = inputData;
  }

  /** Whether an input is the same for all rows, which its fixed first dimension tells. */
  static boolean isParameter(TensorSpec input) {
    return input.shape().isEmpty() || input.shape().get(0) >= 0;
  }

  void run(Violations violations) {
    if (!model.signature().inputs().isEmpty()) {
      inputData.forEach((name, tensor) -> checkInput(name, tensor, violations.at(FIELD).at(name)));
    }
    spec.rounds().ifPresent(rounds -> checkUpdates(rounds, violations));
  }

  private void checkInput(String name, Tensor tensor, Violations at) {
    Optional<TensorSpec> input = model.signature().input(name);
    if (input.isEmpty()) {
      List<String> inputs = model.signature().inputs().stream().map(TensorSpec::name).toList();
      at.add("", "is no input of the model", String.join(", ", inputs));
      return;
    }
    List<Long> shape = input.get().shape();
    if (!isParameter(input.get())) {
      at.add("", "is an input for rows", "an input with a fixed first dimension");
    } else {
      TensorSpec sameType = new TensorSpec(name, tensor.dataType(), shape, List.of());
      at.require(
          sameType.accepts(tensor), "", "has another shape than the model's input", "" + shape);
    }
  }

  private void checkUpdates(Rounds rounds, Violations violations) {
    Map<String, Update> updates = RoundUpdates.of(rounds, model, inputData.keySet());
    Violations at = violations.at("config").at("rounds").at("updates");
    at.require(
        !updates.isEmpty(),
        "",
        "is missing, and no output is called like a tensor of inputData",
        "what changes each parameter");
    updates.forEach(
        (name, update) -> {
          Tensor parameter = inputData.get(name);
          if (parameter == null) {
            violations.add(
                FIELD,
                "lacks " + name + ", which the rounds update",
                "each parameter's first value");
          } else {
            checkParameter(name, parameter, violations.at(FIELD).at(name));
            checkSizes(update, parameter.elements(), at.at(name));
          }
        });
  }

  private void checkParameter(String name, Tensor parameter, Violations at) {
    at.require(
        parameter.dataType().isFloating() && Tensors.isFinite(Map.of(name, parameter)),
        "",
        "is not of finite floating-point numbers, which rounds move",
        "finite floating-point numbers");
    model
        .signature()
        .input(name)
        .ifPresent(
            input ->
                at.require(
                    MOVABLE.contains(input.datatype()),
                    "",
                    "is an input of type " + input.datatype() + ", which rounds cannot move",
                    "an input of type FP32 or FP64"));
  }

  private void checkSizes(Update update, int numbers, Violations at) {
    update.value().ifPresent(output -> checkSize(output, numbers, at.at("value")));
    update.gradient().ifPresent(output -> checkSize(output, numbers, at.at("gradient")));
    update
        .hessian()
        .ifPresent(
            output -> {
              Violations hessian = at.at("hessian");
              hessian.require(
                  numbers <= MOST_OF_NEWTON,
                  "",
                  "is too large for a parameter of " + numbers + " numbers",
                  "a parameter of at most " + MOST_OF_NEWTON);
              checkSize(output, (long) numbers * numbers, hessian);
            });
  }

  /** As far as the model tells how many numbers a row of the output has. */
  private void checkSize(String output, long numbers, Violations at) {
    Optional<TensorSpec> spec = model.signature().output(output);
    if (spec.isPresent() && !spec.get().shape().isEmpty()) {
      List<Long> row = spec.get().shape().subList(1, spec.get().shape().size());
      long told = row.stream().reduce(1L, Math::multiplyExact);
      at.require(
          row.contains(-1L) || told == numbers,
          "",
          "has " + told + " numbers for a row, and its parameter needs " + numbers,
          "an output that fits the parameter");
    }
  }
}
