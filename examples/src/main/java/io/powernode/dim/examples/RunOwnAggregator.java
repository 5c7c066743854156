package io.powernode.dim.examples;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.CsvSchema;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** How does a job use a plugin's aggregation method? By its name, as {@link OwnAggregator}'s. */
public final class RunOwnAggregator {
  private static final String JOB =
      """
      {"pattern": "collaborative", "config": {
        "modelId": "heart-risk",
        "nodes": ["north", "south"],
        "aggregation": {"method": "tempered_average", "power": 0.5}}}
      """;

  private RunOwnAggregator() {}

  /** Runs a job that names the method in its JSON. */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(Objects.requireNonNull(OwnAggregator.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard();
    var model = json.read(ModelDescriptor.class, Files.readString(data.resolve("risk.json")));
    var schema = json.read(CsvSchema.class, Files.readString(data.resolve("schema.json")));
    var policy = CabinetPolicy.denyAll().allowModels(model.artifact().digest());
    policy = policy.allowRequesters("local").allowAnyPurpose().allowReductions("mean");

    var rows = CsvCabinet.open(data.resolve("north.csv"), schema);
    var more = CsvCabinet.open(data.resolve("south.csv"), schema);
    var onnx = OnnxLoader.create();
    try (var north = PowerNode.builder("north").cabinet(rows, policy).loader(onnx).build();
        var south = PowerNode.builder("south").cabinet(more, policy).loader(onnx).build();
        var dim = Dim.orchestrator().node(north).node(south).build()) {
      dim.register(model, data.resolve("risk.onnx"));
      JobSpec job = json.readJob(JOB);
      JobResult result = dim.submit(job).await(Duration.ofMinutes(1));
      System.out.println(json.writeResult(result));
    }
  }
}
