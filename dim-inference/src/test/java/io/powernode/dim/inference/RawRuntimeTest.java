package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtUtil;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every real model gives what is expected of it, and else, to the bit, what the runtime gives. */
class RawRuntimeTest {
  static Stream<Named<Path>> models() throws IOException {
    return files("onnx-real", "onnx-light", "ours");
  }

  static Stream<Named<Path>> lightModels() throws IOException {
    return files("onnx-light");
  }

  private static Stream<Named<Path>> files(String... folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> listed = Files.list(TestFiles.shared("models").resolve(folder))) {
        listed.filter(file -> file.toString().endsWith(".onnx")).sorted().forEach(files::add);
      }
    }
    return files.stream().map(file -> Named.of(file.getFileName().toString(), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void infer_ofRealModel_answersTheRuntimesBits(Path file) throws OrtException {
    // Loads the native library from where the loader keeps it.
    assertThat(OnnxLoader.create().availability().isAvailable()).isTrue();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Optional<OrtSession> raw = open(environment, file);
    if (raw.isEmpty()) {
      DimException refusal =
          catchThrowableOfType(DimException.class, () -> TestFiles.load(file).close());
      assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_INVALID);
      assertThat(file.getFileName().toString())
          .isIn("go_example_strings.onnx", "ort_copy_2_inputs_2_outputs.onnx");
      return;
    }
    try (OrtSession session = raw.get();
        Model model = TestFiles.load(file)) {
      Map<String, Tensor> inputs = Ramp.of(model.signature().inputs());
      Map<String, OnnxTensor> feed = new HashMap<>();
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        feed.put(input.getKey(), feed(environment, input.getValue()));
      }
      try (OnnxRun run = new OnnxRun();
          OrtSession.Result answer = session.run(feed, run.options())) {
        Map<String, Tensor> expected = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : answer) {
          expected.put(output.getKey(), tensor(output.getValue()));
        }
        assertThat(model.infer(inputs, Cancellation.none())).isEqualTo(expected);
      } catch (OrtException e) {
        assertThatThrownBy(() -> model.infer(inputs, Cancellation.none()))
            .isInstanceOf(DimException.class)
            .hasRootCauseMessage(e.getMessage());
      } finally {
        feed.values().forEach(OnnxTensor::close);
      }
    }
  }

  private static Optional<OrtSession> open(OrtEnvironment environment, Path file) {
    try (SessionOptions quiet = new SessionOptions()) {
      quiet.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return Optional.of(environment.createSession(file.toString(), quiet));
    } catch (OrtException e) {
      return Optional.empty();
    }
  }

  private static OnnxTensor feed(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] shape = tensor.shape();
    if (tensor.dataType() == DataType.BYTES) {
      return OnnxTensor.createTensor(environment, tensor.strings().toArray(String[]::new), shape);
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(tensor.byteSize()).order(ByteOrder.nativeOrder());
    direct.put(tensor.data()).flip();
    return OnnxTensor.createTensor(
        environment, direct, shape, ElementType.javaType(tensor.dataType()));
  }

  private static Tensor tensor(OnnxValue value) throws OrtException {
    if (value instanceof OnnxSequence sequence) {
      return table(sequence);
    }
    OnnxTensor tensor = (OnnxTensor) value;
    long[] shape = tensor.getInfo().getShape();
    DataType type =
        switch (tensor.getInfo().type) {
          case FLOAT -> DataType.FP32;
          case DOUBLE -> DataType.FP64;
          case FLOAT16 -> DataType.FP16;
          case BFLOAT16 -> DataType.BF16;
          case INT16 -> DataType.INT16;
          case INT32 -> DataType.INT32;
          case INT64 -> DataType.INT64;
          case BOOL -> DataType.BOOL;
          case STRING -> DataType.BYTES;
          default -> throw new IllegalArgumentException(tensor.getInfo().toString());
        };
    return type == DataType.BYTES
        ? Tensor.ofStrings(List.of(OrtUtil.flattenString(tensor.getValue()))).reshape(shape)
        : Tensor.wrap(type, shape, tensor.getByteBuffer());
  }

  /** A row for each map, the columns in the order of the keys. */
  private static Tensor table(OnnxSequence sequence) throws OrtException {
    List<Float> cells = new ArrayList<>();
    List<? extends OnnxValue> maps = sequence.getValue();
    for (OnnxValue map : maps) {
      new TreeMap<>(((OnnxMap) map).getValue()).values().forEach(v -> cells.add((Float) v));
    }
    float[] values = new float[cells.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = cells.get(i);
    }
    return Tensor.ofFloats(values, maps.size(), values.length / maps.size());
  }

  /** The expected outputs are ONNX's own, of the input i/n. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("lightModels")
  void infer_ofLightModel_answersWhatOnnxExpects(Path file) throws IOException {
    String output = file.getFileName().toString().replace(".onnx", "_output_0.pb");
    Tensor expected = TensorFile.read(file.resolveSibling(output));
    try (Model model = TestFiles.load(file)) {
      Map<String, Tensor> inputs = Ramp.of(model.signature().inputs());
      Tensor actual = TestFiles.only(model.infer(inputs, Cancellation.none()));
      assertThat(BackendCase.difference(output, actual, expected)).isEmpty();
    }
  }
}
