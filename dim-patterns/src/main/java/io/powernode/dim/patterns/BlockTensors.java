package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a block or a reduction answers, as the tensors that later steps of a pipeline read. */
final class BlockTensors {
  /** The decided class of each row, BYTES [n]; an empty text where there is none. */
  static final String LABEL = "label";

  /** The decided number of each row of a regression, FP64 [n]; NaN where there is none. */
  private static final String VALUE = "value";

  private static final String AGREEMENT = "agreement";
  private static final String CONFIDENCE = "confidence";
  private static final String STATUS = "status";

  /** The tensors of decisions. */
  static final List<TensorSpec> OF_DECISIONS =
      List.of(
          TensorSpec.of(RowPartials.ROW_IDS, DataType.BYTES, -1),
          TensorSpec.of(LABEL, DataType.BYTES, -1),
          TensorSpec.of(VALUE, DataType.FP64, -1),
          TensorSpec.of(AGREEMENT, DataType.FP64, -1),
          TensorSpec.of(CONFIDENCE, DataType.FP64, -1),
          TensorSpec.of(STATUS, DataType.BYTES, -1));

  /** What rows have that no model voted on. */
  static final Map<String, Object> UNDECIDED =
      Map.of(LABEL, "", VALUE, "NaN", AGREEMENT, "NaN", CONFIDENCE, "NaN", STATUS, "passed_by");

  private BlockTensors() {}

  /** An answer's own tensors, or those that its decisions or metrics make. */
  static Map<String, Tensor> of(JobOutput output) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(output.tensors());
    if (!output.decisions().isEmpty()) {
      tensors.putAll(ofDecisions(output.decisions()));
    }
    output.metrics().ifPresent(metrics -> tensors.putAll(ofMetrics(metrics)));
    return tensors;
  }

  /** The tensors of a vote's answer: of no rows too it has the columns of decisions. */
  static Map<String, Tensor> ofVote(JobOutput output) {
    Map<String, Tensor> tensors = of(output);
    return tensors.isEmpty() ? ofDecisions(List.of()) : tensors;
  }

  private static Map<String, Tensor> ofDecisions(List<Decision> decisions) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        RowPartials.ROW_IDS, Tensor.ofStrings(decisions.stream().map(Decision::row).toList()));
    tensors.put(
        LABEL, Tensor.ofStrings(decisions.stream().map(d -> d.label().orElse("")).toList()));
    tensors.put(VALUE, numbers(decisions, d -> d.value().orElse(Double.NaN)));
    tensors.put(AGREEMENT, numbers(decisions, Decision::agreement));
    tensors.put(CONFIDENCE, numbers(decisions, d -> d.confidence().orElse(Double.NaN)));
    tensors.put(
        STATUS,
        Tensor.ofStrings(
            decisions.stream().map(d -> d.status().name().toLowerCase(Locale.ROOT)).toList()));
    return tensors;
  }

  private static Tensor numbers(List<Decision> decisions, ToDoubleFunction<Decision> number) {
    return Tensor.ofDoubles(decisions.stream().mapToDouble(number).toArray());
  }

  private static Map<String, Tensor> ofMetrics(Metrics metrics) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int classes = metrics.labels().size();
    tensors.put("labels", Tensor.ofStrings(metrics.labels()));
    tensors.put(
        "confusion",
        Tensor.ofLongs(
            metrics.confusion().stream().flatMap(List::stream).mapToLong(n -> n).toArray(),
            classes,
            classes));
    tensors.put("accuracy", Tensor.scalar(metrics.accuracy()));
    metrics.logLoss().ifPresent(loss -> tensors.put("logLoss", Tensor.scalar(loss)));
    metrics.auc().ifPresent(auc -> tensors.put("auc", Tensor.scalar(auc)));
    tensors.put("samples", Tensor.scalar(metrics.samples()));
    return tensors;
  }
}
