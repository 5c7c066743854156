package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlockTensorsTest {
  @Test
  void of_decisions_areColumnsAsTheyAreDeclared() {
    Map<String, Tensor> tensors =
        BlockTensors.of(
            JobOutput.ofDecisions(
                List.of(
                    new Decision(
                        "r1", Optional.of("yes"), 0.75, Optional.of(0.5), DecisionStatus.REACHED),
                    new Decision(
                        "r2",
                        Optional.empty(),
                        0.5,
                        Optional.empty(),
                        DecisionStatus.BELOW_AGREEMENT),
                    Decision.ofValue("r3", Optional.of(2.5), 1, DecisionStatus.REACHED))));
    assertThat(tensors)
        .isEqualTo(
            Map.of(
                "row_ids", Tensor.ofStrings(List.of("r1", "r2", "r3")),
                "label", Tensor.ofStrings(List.of("yes", "", "")),
                "value", Tensor.ofDoubles(new double[] {Double.NaN, Double.NaN, 2.5}),
                "agreement", Tensor.ofDoubles(new double[] {0.75, 0.5, 1}),
                "confidence", Tensor.ofDoubles(new double[] {0.5, Double.NaN, Double.NaN}),
                "status", Tensor.ofStrings(List.of("reached", "below_agreement", "reached"))));
    assertThat(tensors.keySet())
        .containsExactlyElementsOf(
            BlockTensors.OF_DECISIONS.stream().map(TensorSpec::name).toList());
    assertThat(BlockTensors.OF_DECISIONS).allMatch(s -> s.accepts(tensors.get(s.name())));
  }

  @Test
  void ofVote_onNoRows_hasAllColumnsWithoutRows() {
    Map<String, Tensor> tensors = BlockTensors.ofVote(JobOutput.ofDecisions(List.of()));
    assertThat(tensors.keySet())
        .containsExactlyElementsOf(
            BlockTensors.OF_DECISIONS.stream().map(TensorSpec::name).toList());
    assertThat(BlockTensors.OF_DECISIONS).allMatch(s -> s.accepts(tensors.get(s.name())));
    assertThat(tensors.values()).allMatch(tensor -> tensor.elements() == 0);
  }

  @Test
  void of_metrics_areNumbersByName() {
    Metrics metrics =
        new Metrics(
            List.of("no", "yes"),
            List.of(List.of(3L, 1L), List.of(0L, 2L)),
            0.75,
            Optional.of(0.25),
            Optional.empty(),
            6);
    assertThat(BlockTensors.of(JobOutput.ofMetrics(metrics)))
        .isEqualTo(
            Map.of(
                "labels", Tensor.ofStrings(List.of("no", "yes")),
                "confusion", Tensor.ofLongs(new long[] {3, 1, 0, 2}, 2, 2),
                "accuracy", Tensor.scalar(0.75),
                "logLoss", Tensor.scalar(0.25),
                "samples", Tensor.scalar(6L)));
  }

  @Test
  void of_tensors_areThemselves() {
    Map<String, Tensor> tensors = Map.of("risk", Tensor.scalar(0.5));
    assertThat(BlockTensors.of(JobOutput.ofTensors(tensors, 3))).isEqualTo(tensors);
  }
}
