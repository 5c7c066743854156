package io.powernode.dim.examples;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Tensor;
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
import java.util.Arrays;
import java.util.Objects;

/**
 * How do two hospitals train a model together without moving a row? Each round the model answers
 * gradient and Hessian of its loss at the present weights; Newton's method makes the next ones.
 */
public final class FederatedTraining {
  private FederatedTraining() {}

  /** Prints how far the weights moved in each round, and the weights that the rounds came to. */
  public static void main(String[] args) throws Exception {
    Path data =
        Path.of(Objects.requireNonNull(FederatedTraining.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard();
    var model = json.read(ModelDescriptor.class, Files.readString(data.resolve("gradient.json")));
    // In this schema the disease is no label but a column that models may read: an owner's choice.
    var schema = json.read(CsvSchema.class, Files.readString(data.resolve("training.json")));
    var policy = CabinetPolicy.denyAll().allowModels(model.artifact().digest());
    policy = policy.allowRequesters("local").allowPurposes("training").allowReductions("mean");

    var rows = CsvCabinet.open(data.resolve("north.csv"), schema);
    var more = CsvCabinet.open(data.resolve("south.csv"), schema);
    var onnx = OnnxLoader.create();
    try (var north = PowerNode.builder("north").cabinet(rows, policy).loader(onnx).build();
        var south = PowerNode.builder("south").cabinet(more, policy).loader(onnx).build();
        var dim = Dim.orchestrator().node(north).node(south).build()) {
      dim.register(model, data.resolve("gradient.onnx"));
      JobSpec job =
          JobSpec.collaborative("heart-gradient")
              .nodes("north", "south")
              .rounds(
                  Rounds.newton(20)
                      .tolerance(1e-6)
                      .update("weights", Rounds.Update.gradient("gradient").hessian("hessian")))
              .input("weights", Tensor.ofDoubles(new double[14]))
              .input("ridge", Tensor.ofDoubles(new double[] {0.1}))
              .purpose("training")
              .build();

      JobResult result = dim.submit(job).await(Duration.ofMinutes(1));
      System.out.println(result.evidence().details().asMap());
      System.out.println(Arrays.toString(result.output().tensors().get("weights").toDoubles()));
    }
  }
}
