package io.powernode.dim.examples;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.NodeAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * How does a pipeline undo what it did in the host's world? A step reserves a bed; the next one
 * fails; the bed is released, and the pipeline starts again.
 */
public final class RollbackWithActions {
  private final Map<String, Long> bedsByKey = new TreeMap<>();
  private final AtomicInteger calls = new AtomicInteger();

  private RollbackWithActions() {}

  /** The same key gets the same bed, so that asking twice reserves one. */
  private synchronized Map<String, Tensor> reserve(Map<String, Tensor> input, String key) {
    long bed =
        bedsByKey.computeIfAbsent(
            key,
            k -> {
              System.out.println("reserve a bed");
              return 101L + bedsByKey.size();
            });
    return Map.of("bed", Tensor.ofLongs(new long[] {bed}));
  }

  /** Gets what the step that it undoes answered. */
  private synchronized Map<String, Tensor> release(Map<String, Tensor> input, String key) {
    long bed = bed(input);
    if (bedsByKey.values().remove(bed)) {
      System.out.println("release bed " + bed);
    }
    return Map.of();
  }

  private Map<String, Tensor> tellWard(Map<String, Tensor> input, String key) {
    if (calls.incrementAndGet() == 1) {
      String problem = "the ward does not answer";
      throw new DimException(new ErrorInfo(ErrorCode.UNAVAILABLE, problem, false, Map.of()));
    }
    System.out.println("tell the ward of bed " + bed(input));
    return input;
  }

  private static long bed(Map<String, Tensor> input) {
    return Objects.requireNonNull(input.get("bed"), "bed").longs().get(0);
  }

  private static NodeAction action(
      String name, BiFunction<Map<String, Tensor>, String, Map<String, Tensor>> effect) {
    return new NodeAction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Map<String, Tensor> perform(Map<String, Tensor> input, String idempotencyKey) {
        return effect.apply(input, idempotencyKey);
      }
    };
  }

  /** Runs the pipeline for one invented patient and prints its trace. */
  public static void main(String[] args) throws Exception {
    Path data =
        Path.of(Objects.requireNonNull(RollbackWithActions.class.getResource("heart")).toURI());
    String descriptor = Files.readString(data.resolve("risk.json"));
    float[] patient = {63, 1, 160, 300, 0, 110, 1, 2.5f, 0, 0, 1, 0, 1};
    RollbackWithActions hospital = new RollbackWithActions();
    JobSpec job =
        JobSpec.chained()
            .step("Risk", "heart-risk", step -> step.node("clinic"))
            .action(
                "Reserve",
                "reserve-bed",
                step -> step.node("clinic").rollback(Rollback.action("release-bed")))
            .action("Tell", "tell-ward", step -> step.node("clinic"))
            .onFailure(ErrorHandling.rollbackAndRetry(1))
            .input("features", Tensor.ofFloats(patient, 1, 13))
            .build();
    try (var clinic =
            PowerNode.builder("clinic")
                .loader(OnnxLoader.create())
                .action(action("reserve-bed", hospital::reserve))
                .action(action("release-bed", hospital::release))
                .action(action("tell-ward", hospital::tellWard))
                .build();
        var dim = Dim.orchestrator().node(clinic).build()) {
      dim.register(
          DimJson.standard().read(ModelDescriptor.class, descriptor), data.resolve("risk.onnx"));
      JobResult result = dim.submit(job).await(Duration.ofMinutes(1));
      result
          .trace()
          .forEach(s -> System.out.println(s.attempt() + ". " + s.name() + " " + s.status()));
    }
  }
}
