package io.powernode.dim.examples;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How does a person decide where models disagree? The job waits, and no thread with it. */
public final class ExpertReview {
  private ExpertReview() {}

  /** Lets three models vote on a hospital's patients, and a doctor decide the disputed ones. */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(Objects.requireNonNull(ExpertReview.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard();
    var schema = json.read(CsvSchema.class, Files.readString(data.resolve("schema.json")));
    var patients = CsvCabinet.open(data.resolve("south.csv"), schema);
    // Votes say something about each patient, so the owner has to allow that by itself.
    var policy = CabinetPolicy.denyAll().allowReductions("votes").allowRowLevel();
    policy = policy.allowAnyModel().allowRequesters("local").allowPurposes("second-opinion");

    try (var south =
            PowerNode.builder("south")
                .cabinet(patients, policy)
                .loader(OnnxLoader.create())
                .build();
        var dim = Dim.orchestrator().node(south).build()) {
      for (String name : List.of("risk", "cleveland", "va")) {
        String descriptor = Files.readString(data.resolve(name + ".json"));
        dim.register(json.read(ModelDescriptor.class, descriptor), data.resolve(name + ".onnx"));
      }
      JobSpec job =
          JobSpec.comparative("heart-risk", "heart-cleveland", "heart-va")
              .node("south")
              .cabinet("patients")
              .consensus(Consensus.expertReview().minAgreement(1))
              .purpose("second-opinion")
              .build();

      JobHandle handle = dim.submit(job);
      CompletableFuture<JobState> waits = new CompletableFuture<>();
      handle.subscribe(
          update -> {
            if (update.state() == JobState.AWAITING_REVIEW || update.state().isTerminal()) {
              waits.complete(update.state());
            }
          });
      System.out.println("the job is " + waits.get(1, TimeUnit.MINUTES));

      Map<String, String> decisions = new LinkedHashMap<>();
      for (ReviewRequest.Item item : handle.status().review().orElseThrow().items()) {
        System.out.println("disputed: " + item.row() + " " + item.votes());
        decisions.put(item.row(), "present"); // the doctor would rather look twice
      }
      dim.review(handle.jobId(), new Review("dr-example", decisions, Optional.of("look twice")));

      JobResult result = handle.await(Duration.ofMinutes(1));
      result.output().decisions().forEach(System.out::println);
      System.out.println(result.evidence().reviews());
    }
  }
}
