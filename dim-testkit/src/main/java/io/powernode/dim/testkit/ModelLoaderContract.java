package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.CancellationSource;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link ModelLoader} of model files must do. Extend it, say how to create a loader, and
 * give a model with an input and the outputs that it must have. The tests skip where the loader
 * says that it is not available.
 */
public abstract class ModelLoaderContract {
  @TempDir Path folder;

  private ModelLoader loader;

  /** For subclasses. */
  protected ModelLoaderContract() {}

  /** The loader. */
  protected abstract ModelLoader create();

  /** The model as it would stand in a registry. */
  protected abstract ModelDescriptor descriptor();

  /** The model's file. */
  protected abstract Path file();

  /** An input that the model accepts. */
  protected abstract Map<String, Tensor> input();

  /** What the model answers to it. */
  protected abstract Map<String, Tensor> expected();

  /**
   * Whether the model's file states names and types of its inputs itself. Where it does not, the
   * descriptor is all there is, and a loader must ask for one.
   */
  protected boolean fileStatesItsSignature() {
    return true;
  }

  /** How far an answer may be off, absolutely and relatively. */
  protected double tolerance() {
    return 1e-5;
  }

  @BeforeEach
  void createLoader() {
    loader = create();
    assumeThat(loader.availability().reason()).as("why it is unavailable").isEmpty();
  }

  @Test
  void formats_always_holdTheModels() {
    assertThat(loader.formats()).contains(descriptor().artifact().format());
  }

  @Test
  void model_onceLoaded_hasTheDescribedSignature() {
    try (Model model = load()) {
      assertThat(model.signature().inputs())
          .extracting(TensorSpec::name)
          .isEqualTo(descriptor().signature().inputs().stream().map(TensorSpec::name).toList());
      assertThat(model.memoryBytes().orElse(1)).isPositive();
    }
  }

  @Test
  void infer_ofAnInput_answersInTheSignaturesOrder() {
    try (Model model = load()) {
      Map<String, Tensor> outputs = infer(model, input());
      assertExpected(outputs);
      assertThat(new ArrayList<>(outputs.keySet()))
          .isEqualTo(model.signature().outputs().stream().map(TensorSpec::name).toList());
    }
  }

  @Test
  void inferAll_ofSeveral_answersEachAsAlone() {
    try (Model model = load()) {
      List<Map<String, Tensor>> answers =
          model.inferAll(List.of(input(), input(), input()), Cancellation.none());
      assertThat(answers).hasSize(3).allSatisfy(this::assertExpected);
      assertThat(model.jointRows()).isPositive();
    }
  }

  @Test
  void infer_byManyAtOnce_answersEach() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Model model = load()) {
      Callable<Map<String, Tensor>> call = () -> infer(model, input());
      List<Future<Map<String, Tensor>>> running = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        running.add(threads.submit(call));
      }
      for (Future<Map<String, Tensor>> one : running) {
        assertExpected(one.get(60, SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void infer_ofBadInputs_isRefusedNamingTheInput() {
    TensorSpec first = descriptor().signature().inputs().get(0);
    try (Model model = load()) {
      WrongTensors.badInputs(first, input())
          .forEach(
              (what, bad) ->
                  assertThatThrownBy(() -> infer(model, bad))
                      .as(what)
                      .hasMessageContaining(what.equals("extra") ? "no-such-input" : first.name())
                      .isInstanceOfSatisfying(
                          DimException.class,
                          e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA)));
      assertExpected(infer(model, input()));
    }
  }

  @Test
  void infer_whenCancelledBefore_doesNotRun() {
    CancellationSource cancelled = new CancellationSource();
    cancelled.cancel();
    try (Model model = load()) {
      assertThatThrownBy(() -> model.infer(input(), cancelled))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertExpected(infer(model, input()));
    }
  }

  @Test
  void infer_afterClose_isRefused() {
    Model model = load();
    model.close();
    assertThatCode(model::close).doesNotThrowAnyException();
    assertThatThrownBy(() -> infer(model, input())).isInstanceOf(DimException.class);
  }

  @Test
  void close_whileOthersInfer_letsEachAnswerOrRefuse() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Model model = load();
      Callable<Boolean> call = () -> answersOrRefuses(model);
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        running.add(threads.submit(call));
      }
      running.get(0).get(60, SECONDS);
      model.close();
      for (Future<Boolean> one : running) {
        assertThat(one.get(60, SECONDS)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean answersOrRefuses(Model model) {
    try {
      assertExpected(infer(model, input()));
    } catch (DimException refused) {
      return !refused.info().message().isEmpty();
    }
    return true;
  }

  @Test
  void load_ofDamagedFiles_isRefusedWithoutNamingThem() throws IOException {
    byte[] good = Files.readAllBytes(file());
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    Map<String, byte[]> damaged = new LinkedHashMap<>();
    damaged.put("empty", new byte[0]);
    damaged.put("noise", noise);
    damaged.put("half", Arrays.copyOf(good, good.length / 2));
    for (Map.Entry<String, byte[]> one : damaged.entrySet()) {
      Path bad = Files.write(folder.resolve(one.getKey()), one.getValue());
      assertThatThrownBy(() -> load(descriptor(), bad).close())
          .as(one.getKey())
          .hasMessageNotContaining(folder.toString())
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID));
    }
  }

  @Test
  void load_underAnotherSignature_isRefused() {
    assumeThat(fileStatesItsSignature()).as("whether the file says more").isTrue();
    Signature own = descriptor().signature();
    TensorSpec first = own.inputs().get(0);
    TensorSpec renamed =
        new TensorSpec("no-such-input", first.datatype(), first.shape(), first.columns());
    DataType otherType = first.datatype() == DataType.INT32 ? DataType.INT64 : DataType.INT32;
    TensorSpec retyped = new TensorSpec(first.name(), otherType, first.shape(), first.columns());
    for (TensorSpec wrong : List.of(renamed, retyped)) {
      List<TensorSpec> inputs = new ArrayList<>(own.inputs());
      inputs.set(0, wrong);
      ModelDescriptor other =
          ModelDescriptor.of(
              descriptor().id(), descriptor().artifact(), new Signature(inputs, own.outputs()));
      assertThatThrownBy(() -> load(other, file()).close())
          .as("%s %s", wrong.name(), wrong.datatype())
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID));
    }
  }

  @Test
  void load_withoutAnySignature_isRefused() {
    assumeThat(fileStatesItsSignature()).as("whether the file says more").isFalse();
    ModelDescriptor bare =
        ModelDescriptor.of(
            descriptor().id(), descriptor().artifact(), new Signature(List.of(), List.of()));
    assertThatThrownBy(() -> load(bare, file()).close())
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID));
  }

  private Model load() {
    return load(descriptor(), file());
  }

  private Model load(ModelDescriptor descriptor, Path file) {
    return loader.load(descriptor, ModelFiles.of(file), LoadOptions.standard());
  }

  private static Map<String, Tensor> infer(Model model, Map<String, Tensor> inputs) {
    return model.infer(inputs, Cancellation.none());
  }

  private void assertExpected(Map<String, Tensor> outputs) {
    TensorAssertions.assertClose(outputs, expected(), tolerance(), "outputs");
  }
}
