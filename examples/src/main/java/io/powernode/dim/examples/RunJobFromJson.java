package io.powernode.dim.examples;

import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** How does a job that arrives as JSON run, and what does a wrong one say? */
public final class RunJobFromJson {
  private static final String JOB =
      """
      {
        "pattern": "comparative",
        "config": {
          "modelIds": ["heart-cleveland", "heart-hungarian", "heart-va"],
          "nodeId": "clinic",
          "dataSource": "input",
          "consensus": {"method": "weighted_vote", "weights": {"heart-va": 2}, "tie": "first"},
          "timeout": 30
        },
        "inputData": {
          "columns": ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak",
                      "cp_2", "cp_3", "cp_4", "restecg_1", "restecg_2"],
          "rows": [[63, 1, 160, 300, 0, 110, 1, 2.5, 0, 0, 1, 0, 1],
                   [41, 0, 120, 200, 0, 172, 0, 0.0, 1, 0, 0, 0, 0]]
        }
      }
      """;

  private static final String WRONG =
      """
      {"pattern": "comparative", "config": {"modelIds": ["heart-va"], "timeout": -1}, "size": 3}
      """;

  private RunJobFromJson() {}

  /** Prints the result of one job and everything that is wrong with another. */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(Objects.requireNonNull(RunJobFromJson.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard();
    try (var clinic = PowerNode.builder("clinic").loader(OnnxLoader.create()).build();
        var dim = Dim.orchestrator().node(clinic).build()) {
      for (String name : List.of("cleveland", "hungarian", "va")) {
        String descriptor = Files.readString(data.resolve(name + ".json"));
        dim.register(json.read(ModelDescriptor.class, descriptor), data.resolve(name + ".onnx"));
      }
      JobResult result = dim.submit(json.readJob(JOB)).await(Duration.ofMinutes(1));
      System.out.println(json.writeResult(result));
      try {
        dim.submit(json.readJob(WRONG));
      } catch (InvalidJobException e) {
        e.violations().forEach(System.out::println);
      }
    }
  }
}
