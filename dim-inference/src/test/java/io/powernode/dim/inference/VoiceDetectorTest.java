package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * One voice detector in two formats, silero-vad as its makers publish it, votes in one job. As ONNX
 * it takes its state, and the end of the sound before, from its caller; as TorchScript it keeps
 * both to itself and begins without. So each sound here begins with silence and no state.
 */
class VoiceDetectorTest {
  private static final int SOUNDS = 6;
  private static final int SAMPLES = 512;
  private static final int SAMPLES_BEFORE = 64;

  /** Between the sounds made here; real speech is above a half. */
  private static final double THRESHOLD = 0.02;

  private static final List<String> LABELS = List.of("silence", "speech");

  private final Path onnx = TestFiles.shared("models/silero_vad.onnx");
  private final Path torchscript = TestFiles.shared("models/silero_vad.jit");

  /** Hums of rising pitch that swell and fade. */
  private static float[] sounds() {
    float[] sounds = new float[SOUNDS * SAMPLES];
    for (int i = 0; i < sounds.length; i++) {
      int sound = i / SAMPLES;
      int at = i % SAMPLES;
      double swell = Math.sin(at * 0.003) * (sound + 1) / SOUNDS;
      sounds[i] = (float) (0.4 * swell * Math.sin(at * (0.02 + 0.03 * sound)));
    }
    return sounds;
  }

  private static float[] afterSilence(float[] sounds) {
    int length = SAMPLES_BEFORE + SAMPLES;
    float[] longer = new float[SOUNDS * length];
    for (int i = 0; i < SOUNDS; i++) {
      System.arraycopy(sounds, i * SAMPLES, longer, i * length + SAMPLES_BEFORE, SAMPLES);
    }
    return longer;
  }

  /** What both models need, the sounds first; each takes what it knows by name. */
  private static Map<String, Tensor> inputs() {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("sound", Tensor.ofFloats(sounds(), SOUNDS, SAMPLES));
    inputs.put("input", Tensor.ofFloats(afterSilence(sounds()), SOUNDS, SAMPLES_BEFORE + SAMPLES));
    inputs.put("state", Tensor.ofFloats(new float[2 * SOUNDS * 128], 2, SOUNDS, 128));
    inputs.put("sr", Tensor.scalar(16_000L));
    return inputs;
  }

  private ModelDescriptor asOnnx() {
    return describe(
        "vad-onnx",
        TestFiles.describe(
            onnx,
            new Signature(
                List.of(
                    TensorSpec.of("input", DataType.FP32, -1, -1),
                    TensorSpec.of("state", DataType.FP32, 2, -1, 128),
                    TensorSpec.of("sr", DataType.INT64)),
                List.of(
                    TensorSpec.of("output", DataType.FP32, -1, 1),
                    TensorSpec.of("stateN", DataType.FP32, 2, -1, 128)))));
  }

  private ModelDescriptor asTorchScript() {
    return describe(
        "vad-torchscript",
        TorchFiles.describe(
            torchscript,
            new Signature(
                List.of(
                    TensorSpec.of("sound", DataType.FP32, -1, SAMPLES),
                    TensorSpec.of("sr", DataType.INT64)),
                List.of(TensorSpec.of("speech", DataType.FP32, -1, 1)))));
  }

  private static ModelDescriptor describe(String id, ModelDescriptor model) {
    return ModelDescriptor.of(id, model.artifact(), model.signature()).withLabels(LABELS);
  }

  private static PowerNode node(String id, String... codeFormats) {
    return PowerNode.builder(id)
        .loader(OnnxLoader.create())
        .loader(TorchFiles.loader())
        .allowCodeFormats(codeFormats)
        .build();
  }

  private static JobSpec job(Consensus consensus) {
    var job =
        JobSpec.comparative("vad-onnx", "vad-torchscript")
            .nodes("first", "second")
            .consensus(consensus.threshold(THRESHOLD));
    inputs().forEach(job::input);
    return job.build();
  }

  private double[] alone(Path file, ModelDescriptor model) {
    Signature signature = model.signature();
    Map<String, Tensor> inputs = inputs();
    inputs.keySet().retainAll(signature.inputs().stream().map(TensorSpec::name).toList());
    String output = signature.outputs().get(0).name();
    Map<String, Tensor> answer =
        file == onnx
            ? TestFiles.infer(file, inputs)
            : TorchFiles.infer(file, signature.inputs(), signature.outputs(), inputs);
    return answer.get(output).toDoubles();
  }

  @Test
  void models_ofBothFormats_answerAlike() {
    double[] first = alone(onnx, asOnnx());
    double[] second = alone(torchscript, asTorchScript());

    assertThat(first).hasSize(SOUNDS);
    assertThat(second).containsExactly(first, within(1e-5));
    // Otherwise the jobs below would have nothing to tell apart.
    assertThat(Arrays.stream(first).filter(p -> p >= THRESHOLD).count()).isBetween(1L, SOUNDS - 1L);
  }

  @Test
  void job_withTheDetectorInBothFormats_decidesEachSoundUnanimously() throws Exception {
    double[] expected = alone(onnx, asOnnx());
    try (PowerNode first = node("first", "torchscript");
        PowerNode second = node("second", "torchscript");
        Orchestrator dim = Dim.orchestrator().node(first).node(second).build()) {
      dim.register(asOnnx(), onnx);
      dim.register(asTorchScript(), torchscript);

      JobResult result = dim.submit(job(Consensus.meanProbability())).await(Duration.ofMinutes(2));

      List<Decision> decisions = result.output().decisions();
      assertThat(decisions).hasSize(SOUNDS);
      for (int i = 0; i < SOUNDS; i++) {
        boolean speech = expected[i] >= THRESHOLD;
        assertThat(decisions.get(i).status()).isEqualTo(DecisionStatus.REACHED);
        assertThat(decisions.get(i).label()).contains(LABELS.get(speech ? 1 : 0));
        assertThat(decisions.get(i).confidence().orElseThrow())
            .isCloseTo(speech ? expected[i] : 1 - expected[i], within(1e-5));
      }
      assertThat(result.evidence().votes())
          .extracting(ModelVotes::modelId)
          .containsExactly("vad-onnx", "vad-torchscript");
      assertThat(result.evidence().votes().get(0).labels())
          .isEqualTo(result.evidence().votes().get(1).labels());
      assertThat(result.evidence().agreement().orElseThrow().mean()).isEqualTo(1);
      assertThat(result.evidence().agreement().orElseThrow().krippendorffAlpha()).contains(1.0);
    }
  }

  /** The second job hears nothing of the first one's sounds. */
  @Test
  void job_afterAnother_isDecidedAsIfItWereTheFirst() throws Exception {
    try (PowerNode first = node("first", "torchscript");
        PowerNode second = node("second", "torchscript");
        Orchestrator dim = Dim.orchestrator().node(first).node(second).build()) {
      dim.register(asOnnx(), onnx);
      dim.register(asTorchScript(), torchscript);
      List<List<Decision>> decisions =
          IntStream.range(0, 2)
              .mapToObj(
                  i ->
                      dim.submit(job(Consensus.meanProbability()))
                          .await(Duration.ofMinutes(2))
                          .output()
                          .decisions())
              .toList();
      assertThat(decisions.get(1)).isEqualTo(decisions.get(0));
    }
  }

  @Test
  void job_whoseNodeDoesNotAllowTorchScript_isRefusedAtSubmit() throws IOException {
    try (PowerNode first = node("first");
        PowerNode second = node("second");
        Orchestrator dim = Dim.orchestrator().node(first).node(second).build()) {
      dim.register(asOnnx(), onnx);
      dim.register(asTorchScript(), torchscript);

      assertThatThrownBy(() -> dim.submit(job(Consensus.majorityVote())))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("cannot run the format torchscript of the model vad-torchscript")
          .hasMessageContaining("whose owner allows the format");
    }
  }
}
