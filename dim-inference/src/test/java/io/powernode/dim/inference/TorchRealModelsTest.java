package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TorchScript that others have saved, with the numbers that they expect of it. */
class TorchRealModelsTest {
  private static final Map<String, DataType> TYPES =
      Map.of("float32", DataType.FP32, "float64", DataType.FP64, "int64", DataType.INT64);

  /** Those of tch-rs whose arguments or results no tensor can stand for, and the type named. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "foo4.pt", "argument x: is of type Tuple[float, float, int]; allowed: Tensor, int",
          "foo5.pt", "argument xs: is of type List[str]; allowed: Tensor, int",
          "foo6.pt", "result: is of type __torch__.TorchScriptClass; allowed: Tensor, int");

  private static Path torchscript(String name) {
    return TestFiles.shared("models/torchscript").resolve(name);
  }

  @TestFactory
  Stream<DynamicTest> models_ofTchRs_answerWhatItsTestsExpect() throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(torchscript("expected.json").toFile()).get("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(one -> DynamicTest.dynamicTest(one.get("file").asText(), () -> require(one)));
  }

  private static void require(JsonNode one) {
    String name = one.get("file").asText();
    if (REFUSED.containsKey(name)) {
      TensorSpec any = TensorSpec.of("any", DataType.FP32);
      DimException refusal = TorchFiles.refusal(torchscript(name), List.of(any), List.of(any));
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
      assertThat(refusal).hasMessageContaining(REFUSED.get(name));
      return;
    }
    JsonNode output = one.get("output");
    Map<String, Tensor> inputs = tensors("x", one.get("inputs"));
    Map<String, Tensor> expected =
        output.isArray() ? tensors("y", output) : Map.of("y0", tensor(output));
    Map<String, Tensor> answer =
        TorchFiles.infer(torchscript(name), specs(inputs), specs(expected), inputs);
    assertThat(answer).isEqualTo(expected);
  }

  private static Map<String, Tensor> tensors(String prefix, JsonNode values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (JsonNode value : values) {
      tensors.put(prefix + tensors.size(), tensor(value));
    }
    return tensors;
  }

  private static Tensor tensor(JsonNode typed) {
    Map.Entry<String, JsonNode> value = typed.properties().iterator().next();
    JsonNode numbers = value.getValue();
    double[] elements =
        numbers.isArray()
            ? StreamSupport.stream(numbers.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray()
            : new double[] {numbers.asDouble()};
    Tensor tensor =
        switch (TYPES.get(value.getKey())) {
          case FP32 -> {
            float[] floats = new float[elements.length];
            for (int i = 0; i < floats.length; i++) {
              floats[i] = (float) elements[i];
            }
            yield Tensor.ofFloats(floats);
          }
          case FP64 -> Tensor.ofDoubles(elements);
          default -> {
            long[] longs = new long[elements.length];
            for (int i = 0; i < longs.length; i++) {
              longs[i] = (long) elements[i];
            }
            yield Tensor.ofLongs(longs);
          }
        };
    return numbers.isArray() ? tensor : tensor.reshape();
  }

  private static List<TensorSpec> specs(Map<String, Tensor> tensors) {
    List<TensorSpec> specs = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> specs.add(TensorSpec.of(name, tensor.dataType(), tensor.shape())));
    return specs;
  }

  @ParameterizedTest
  @CsvSource({
    "foo7.pt, the model has no method forward",
    "foo8.pt, the model has no method forward"
  })
  void models_withoutForward_areRefused(String name, String reason) {
    TensorSpec any = TensorSpec.of("any", DataType.FP32);
    DimException refusal = TorchFiles.refusal(torchscript(name), List.of(any), List.of(any));
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED);
    assertThat(refusal).hasMessage(reason);
  }

  @Test
  void model_ofTorchSharp_answersSumAndDifference() {
    Tensor x = Tensor.ofFloats(new float[] {1, 2, 3});
    Tensor y = Tensor.ofFloats(new float[] {0.5f, 4, -3});
    TensorSpec three = TensorSpec.of("x", DataType.FP32, 3);

    assertThat(
            TorchFiles.infer(
                torchscript("torchsharp_tuple_out.dat"),
                List.of(three, TensorSpec.of("y", DataType.FP32, 3)),
                List.of(
                    TensorSpec.of("sum", DataType.FP32, 3),
                    TensorSpec.of("difference", DataType.FP32, 3)),
                Map.of("x", x, "y", y)))
        .containsExactly(
            Map.entry("sum", Tensor.ofFloats(new float[] {1.5f, 6, 0})),
            Map.entry("difference", Tensor.ofFloats(new float[] {0.5f, -2, 6})));
  }

  @ParameterizedTest
  @CsvSource({
    "djl_identity.pt, 3, 3",
    "torchsharp_linrelu.script.dat, 10, 6",
    "torchsharp_l1000_100_10.script.dat, 1000, 10"
  })
  void models_ofOthers_loadAndRun(String name, long in, long out) {
    TensorSpec x = TensorSpec.of("x", DataType.FP32, -1, in);
    TensorSpec y = TensorSpec.of("y", DataType.FP32, -1, out);
    Map<String, Tensor> inputs = Ramp.of(List.of(x));

    Tensor answer = TorchFiles.infer(torchscript(name), List.of(x), List.of(y), inputs).get("y");

    assertThat(answer.shape()).containsExactly(2, out);
    if (in == out) {
      assertThat(answer).isEqualTo(inputs.get("x"));
    }
  }

  /** The same network, saved once as ONNX and once as TorchScript. */
  @Test
  void ourNetwork_asTorchScript_answersWhatItAnswersAsOnnx() throws IOException {
    Path onnx = TestFiles.shared("models/ours/wdbc_mlp.onnx");
    BreastRows rows =
        BreastRows.of(Files.readAllLines(TestFiles.shared("wdbc/wdbc.data")), 2, 1, "M");
    Map<String, Tensor> answer = TestFiles.infer(onnx, onnxInput(onnx, rows.features()));
    Tensor expected = TestFiles.only(answer);

    Tensor actual =
        TorchFiles.infer(
                TestFiles.shared("models/ours/wdbc_mlp.pt"),
                List.of(TensorSpec.of("x", DataType.FP32, -1, 30)),
                List.of(TensorSpec.of("y", DataType.FP32, -1, 1)),
                Map.of("x", rows.features()))
            .get("y");

    assertThat(actual.dimension(0)).isEqualTo(569);
    assertThat(actual.closeTo(expected, 1e-6, 1e-5)).isTrue();
  }

  private static Map<String, Tensor> onnxInput(Path file, Tensor features) {
    try (var model = TestFiles.load(file)) {
      return Map.of(model.signature().inputs().get(0).name(), features);
    }
  }

  /** Whatever they are called. */
  @TestFactory
  Stream<DynamicTest> files_thatAreNoTorchScript_areRefusedByTheirContent() {
    return Stream.of(
            "models/ours/wdbc_mlp.onnx",
            "models/ours/wdbc_mlp.safetensors",
            "models/ours/wdbc_lr.mlmodel",
            "models/safetensors/djl_list.npz",
            "models/safetensors/djl_list.safetensors",
            "models/onnx-index.json")
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      TensorSpec any = TensorSpec.of("any", DataType.FP32);
                      DimException refusal =
                          TorchFiles.refusal(TestFiles.shared(name), List.of(any), List.of(any));
                      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
                      assertThat(refusal).message().contains("ZIP archive").doesNotContain("/");
                    }));
  }
}
