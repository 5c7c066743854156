package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every model of the shared collection loads with the index's signature, and runs on zeros. */
class RealModelsTest {
  private static final Map<String, DataType> TYPES =
      Map.of(
          "FLOAT", DataType.FP32,
          "DOUBLE", DataType.FP64,
          "FLOAT16", DataType.FP16,
          "BFLOAT16", DataType.BF16,
          "STRING", DataType.BYTES,
          "UINT8", DataType.UINT8,
          "INT16", DataType.INT16,
          "INT32", DataType.INT32,
          "INT64", DataType.INT64,
          "BOOL", DataType.BOOL);

  /** Loads where the machine has the locale en_US.UTF-8. */
  private static final String NEEDS_LOCALE = "go_example_strings.onnx";

  /** What the index marks as not loading, and what the refusal says of it. */
  private static final Map<String, String> NOT_LOADING =
      Map.of(NEEDS_LOCALE, "language-pack", "ort_copy_2_inputs_2_outputs.onnx", "customop");

  @TestFactory
  Stream<DynamicTest> load_ofRealModel_hasTheIndexsSignature() throws IOException {
    JsonNode index =
        new ObjectMapper().readTree(TestFiles.shared("models/onnx-index.json").toFile());
    return StreamSupport.stream(index.spliterator(), false)
        .map(
            entry ->
                DynamicTest.dynamicTest(entry.get("file").asText(), () -> requireModel(entry)));
  }

  /** Whatever they are called: TorchScript and PyTorch's weights are ZIP archives with pickles. */
  @TestFactory
  Stream<DynamicTest> load_ofPyTorchFile_isRefusedByItsContent() throws IOException {
    Path models = TestFiles.shared("models");
    List<Path> files =
        new ArrayList<>(
            List.of(models.resolve("silero_vad.jit"), models.resolve("ours/wdbc_mlp.pt")));
    try (Stream<Path> listed = Files.list(models.resolve("torchscript"))) {
      listed.filter(file -> !file.toString().endsWith(".json")).sorted().forEach(files::add);
    }
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> refuse(file)));
  }

  private static void refuse(Path file) {
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> TestFiles.load(file).close());
    assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
    assertThat(refusal).hasMessageContaining("a ZIP archive, as PyTorch");
  }

  private static void requireModel(JsonNode entry) {
    Path file = TestFiles.shared(entry.get("file").asText());
    if (entry.path("check").asText().startsWith("does NOT load")) {
      boolean refused = isRefused(file, NOT_LOADING.get(file.getFileName().toString()));
      if (refused || !file.endsWith(NEEDS_LOCALE)) {
        assertThat(refused).isTrue();
        return;
      }
    }
    try (Model model = TestFiles.load(file)) {
      assertThat(model.signature().inputs()).isEqualTo(specs(entry.get("inputs")));
      assertThat(model.signature().outputs()).isEqualTo(specs(entry.get("outputs")));
      Zeros.of(model.signature().inputs()).ifPresent(zeros -> requireAnswer(model, zeros));
    }
  }

  private static void requireAnswer(Model model, Map<String, Tensor> zeros) {
    List<TensorSpec> outputs = model.signature().outputs();
    Map<String, Tensor> answer = model.infer(zeros, Cancellation.none());
    assertThat(answer.keySet())
        .containsExactlyElementsOf(outputs.stream().map(TensorSpec::name).toList());
    outputs.forEach(
        spec -> {
          assertThat(answer.get(spec.name()).dataType()).isEqualTo(spec.datatype());
          assertThat(answer.get(spec.name()).rank()).isEqualTo(spec.shape().size());
        });
  }

  private static boolean isRefused(Path file, String reason) {
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> TestFiles.load(file).close());
    if (refusal != null) {
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
      assertThat(refusal)
          .hasMessageContaining("the runtime refuses the model")
          .message()
          .contains(reason)
          .doesNotContain("/");
    }
    return refusal != null;
  }

  private static List<TensorSpec> specs(JsonNode values) {
    List<TensorSpec> specs = new ArrayList<>();
    for (JsonNode value : values) {
      if (value.get("type").asText().equals("sequence_type")) {
        specs.add(TensorSpec.of(value.get("name").asText(), DataType.FP32, -1, -1));
        continue;
      }
      long[] shape =
          StreamSupport.stream(value.get("shape").spliterator(), false)
              .mapToLong(dim -> dim.isNumber() ? dim.asLong() : -1)
              .toArray();
      DataType type = TYPES.get(value.get("type").asText());
      specs.add(TensorSpec.of(value.get("name").asText(), type, shape));
    }
    return specs;
  }
}
