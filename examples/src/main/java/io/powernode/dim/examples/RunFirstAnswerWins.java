package io.powernode.dim.examples;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How does a job's JSON name a plugin's pattern? {@link FirstAnswerWins} is found by the service
 * loader; its specification is a record that the JSON is told of.
 */
public final class RunFirstAnswerWins {
  private static final String JOB =
      """
      {"pattern": "first_answer_wins", "config": {"modelId": "heart-risk", "nodes": ["a", "b"]},
       "inputData": [{"name": "features", "datatype": "FP32", "shape": [1, 13],
                      "data": [63, 1, 160, 300, 0, 110, 1, 2.5, 0, 0, 1, 0, 1]}]}
      """;

  private RunFirstAnswerWins() {}

  /** Lets two nodes race for one invented patient. */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(Objects.requireNonNull(FirstAnswerWins.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard().with("first_answer_wins", FirstAnswerWins.Race.class);
    var onnx = OnnxLoader.create();
    try (var a = PowerNode.builder("a").loader(onnx).build();
        var b = PowerNode.builder("b").loader(onnx).build();
        var dim = Dim.orchestrator().node(a).node(b).build()) {
      String descriptor = Files.readString(data.resolve("risk.json"));
      dim.register(json.read(ModelDescriptor.class, descriptor), data.resolve("risk.onnx"));
      JobResult result = dim.submit(json.readJob(JOB)).await(Duration.ofMinutes(1));
      System.out.println(json.writeResult(result));
    }
  }
}
