package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InputBindingTest {
  private static final Tensor AGES = Tensor.ofDoubles(new double[] {61.5, 62.25});
  private static final Tensor VISITS = Tensor.ofLongs(new long[] {3, 4});
  private static final Tensor SEXES = Tensor.ofStrings(List.of("f", "m"));

  private static Map<String, Tensor> tensors(Object... namesAndTensors) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      tensors.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
    }
    return tensors;
  }

  private static InputBinding binding(List<TensorSpec> file, List<TensorSpec> declared) {
    ModelArtifact artifact = new ModelArtifact("fake", Digest.of(new byte[0]), 0, List.of());
    return InputBinding.of(
        new Signature(file, List.of()),
        ModelDescriptor.of("m", artifact, new Signature(declared, List.of())));
  }

  private static InputBinding binding(TensorSpec... inputs) {
    return binding(List.of(inputs), List.of(inputs));
  }

  private static final TensorSpec FEATURES = TensorSpec.of("features", DataType.FP32, -1, 2);

  @Test
  void columns_forTheOnlyInput_areStackedInTheirOrder() {
    Map<String, Tensor> bound = binding(FEATURES).bind(tensors("age", AGES, "visits", VISITS));

    assertThat(bound)
        .containsExactly(
            Map.entry("features", Tensor.ofFloats(new float[] {61.5f, 3, 62.25f, 4}, 2, 2)));
  }

  @Test
  void columns_declaredForAnInput_areSelectedInDeclaredOrder() {
    TensorSpec declared =
        new TensorSpec("features", DataType.FP32, List.of(-1L, 2L), List.of("visits", "age"));

    Map<String, Tensor> bound =
        binding(List.of(FEATURES), List.of(declared))
            .bind(tensors("age", AGES, "sex", SEXES, "visits", VISITS));

    assertThat(bound.get("features"))
        .isEqualTo(Tensor.ofFloats(new float[] {3, 61.5f, 4, 62.25f}, 2, 2));
  }

  @Test
  void tensors_namedLikeInputs_goDirectly() {
    InputBinding binding =
        binding(
            TensorSpec.of("age", DataType.FP32, -1, 1),
            TensorSpec.of("sex", DataType.BYTES, -1, 1),
            TensorSpec.of("visits", DataType.INT32, -1));

    Map<String, Tensor> bound = binding.bind(tensors("age", AGES, "visits", VISITS, "sex", SEXES));

    assertThat(bound)
        .containsExactly(
            Map.entry("age", Tensor.ofFloats(new float[] {61.5f, 62.25f}, 2, 1)),
            Map.entry("sex", SEXES.reshape(2, 1)),
            Map.entry("visits", Tensor.ofInts(new int[] {3, 4})));
  }

  @Test
  void tensor_thatIsTheOnlyOneForTheOnlyInput_goesWhateverItsName() {
    Tensor normalised = Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);

    assertThat(binding(FEATURES).bind(tensors("normalised", normalised)))
        .containsExactly(Map.entry("features", normalised));
  }

  @Test
  void tensor_withTheInputsName_winsOverTheOthers() {
    Tensor features = Tensor.ofFloats(new float[] {1, 2}, 1, 2);

    assertThat(binding(FEATURES).bind(tensors("label", SEXES, "features", features)))
        .containsExactly(Map.entry("features", features));
  }

  private static final TensorSpec WEIGHTS = TensorSpec.of("weights", DataType.FP32, 2);

  @Test
  void parameter_always_isTheSameForEveryBatchAndLeavesTheColumnsToTheRest() {
    InputBinding binding =
        binding(FEATURES, WEIGHTS)
            .withParameters(tensors("weights", Tensor.ofDoubles(new double[] {0.5, -1})));

    for (int batch = 0; batch < 2; batch++) {
      assertThat(binding.bind(tensors("age", AGES, "visits", VISITS)))
          .containsExactly(
              Map.entry("features", Tensor.ofFloats(new float[] {61.5f, 3, 62.25f, 4}, 2, 2)),
              Map.entry("weights", Tensor.ofFloats(new float[] {0.5f, -1})));
    }
  }

  @Test
  void parameter_namedLikeAColumn_isNotReplacedByIt() {
    Tensor chosen = Tensor.ofFloats(new float[] {1, 2});

    assertThat(
            binding(FEATURES, WEIGHTS)
                .withParameters(tensors("weights", chosen))
                .bind(tensors("features", Tensor.ofFloats(new float[2], 1, 2), "weights", AGES)))
        .containsEntry("weights", chosen);
  }

  static Stream<Arguments> unfitParameters() {
    Tensor two = Tensor.ofDoubles(new double[] {1, 2});
    return Stream.of(
        Arguments.of(
            tensors("weight", two),
            "parameter weight: the model has no such input; allowed: [features, weights]"),
        Arguments.of(
            tensors("features", two.reshape(1, 2)),
            "input features: takes rows and no parameter; allowed: a fixed first dimension"),
        Arguments.of(
            tensors("weights", two.reshape(2, 1)),
            "input weights: has shape [2, 1]; allowed: FP32[2]"),
        Arguments.of(
            tensors("weights", Tensor.scalar(1.0)),
            "input weights: has shape []; allowed: FP32[2]"),
        Arguments.of(
            tensors("weights", SEXES),
            "input weights: the parameter is BYTES; allowed: what becomes FP32"),
        Arguments.of(
            tensors("weights", Tensor.ofDoubles(new double[] {1e300, 0})),
            "parameter weights: has a value that is none of FP32; allowed: values that it can"
                + " hold"));
  }

  @ParameterizedTest
  @MethodSource("unfitParameters")
  void parameters_thatDoNotFit_areRefusedByNameAndShape(
      Map<String, Tensor> parameters, String message) {
    assertThatThrownBy(() -> binding(FEATURES, WEIGHTS).withParameters(parameters))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessage(message);
  }

  static Stream<Arguments> unfit() {
    TensorSpec two = TensorSpec.of("other", DataType.FP32, -1, 1);
    TensorSpec declared =
        new TensorSpec("features", DataType.FP32, List.of(-1L, 2L), List.of("age", "weight"));
    TensorSpec texts = TensorSpec.of("features", DataType.BYTES, -1, 2);
    return Stream.of(
        Arguments.of(
            binding(FEATURES),
            tensors("age", AGES, "visits", VISITS, "weight", AGES),
            "input features: there are 3 columns; allowed: FP32[-1, 2]"),
        Arguments.of(
            binding(FEATURES),
            tensors("age", AGES, "sex", SEXES),
            "input features: sex is BYTES; allowed: what becomes FP32"),
        Arguments.of(
            binding(FEATURES),
            tensors("age", AGES, "visits", Tensor.ofLongs(new long[] {1})),
            "input features: column visits has shape [1]; allowed: [n], the same for all columns"),
        Arguments.of(
            binding(FEATURES),
            tensors("features", Tensor.ofFloats(new float[6], 2, 3)),
            "input features: has shape [2, 3]; allowed: FP32[-1, 2]"),
        Arguments.of(
            binding(TensorSpec.of("features", DataType.FP32, 1, 2)),
            tensors("age", AGES, "visits", VISITS),
            "input features: there are 2 rows at once; allowed: FP32[1, 2]"),
        Arguments.of(
            binding(FEATURES, two),
            tensors("age", AGES, "visits", VISITS),
            "input features: no tensor has its name; allowed: a tensor of each input's name"),
        Arguments.of(
            binding(List.of(FEATURES), List.of(declared)),
            tensors("age", AGES, "visits", VISITS),
            "input features: column weight is missing; allowed: all columns that it declares"),
        Arguments.of(
            binding(texts),
            tensors("sex", SEXES, "group", SEXES),
            "input features: cannot be stacked of these columns; allowed: columns of numbers"),
        Arguments.of(
            binding(FEATURES),
            tensors(),
            "input features: there are 0 columns; allowed: FP32[-1, 2]"),
        Arguments.of(
            binding(TensorSpec.of("features", DataType.INT64, -1, 2)),
            tensors("age", AGES, "visits", VISITS),
            "column age: has a value that is none of INT64; allowed: values that it can hold"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void tensors_thatDoNotFit_areRefusedByNameAndShape(
      InputBinding binding, Map<String, Tensor> tensors, String message) {
    assertThatThrownBy(() -> binding.bind(tensors))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessage(message);
  }
}
