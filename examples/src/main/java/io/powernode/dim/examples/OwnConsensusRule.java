package io.powernode.dim.examples;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.ConsensusRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How does a host add a rule for votes? This one decides a row only if all models that vote on it
 * agree. It is handed to the builder, and jobs ask for it by name. Thread-safe.
 */
public final class OwnConsensusRule implements ConsensusRule {
  @Override
  public String name() {
    return "unanimity";
  }

  @Override
  public List<Decision> decide(Ballots ballots, Consensus consensus) {
    return IntStream.range(0, ballots.rows().size()).mapToObj(row -> decide(row, ballots)).toList();
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    double[] weights = new double[ballots.ballots().size()];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static Decision decide(int row, Ballots ballots) {
    int[] votes = new int[ballots.labels().size()];
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) != Ballot.ABSTAIN) {
        votes[ballot.vote(row)]++;
      }
    }
    int all = Arrays.stream(votes).sum();
    int most = Arrays.stream(votes).max().orElse(0);
    if (all == 0) {
      return decision(ballots.rows().get(row), Optional.empty(), 0, DecisionStatus.ABSTAINED);
    }
    double agreement = (double) most / all;
    if (most < all) {
      DecisionStatus status = DecisionStatus.BELOW_AGREEMENT;
      return decision(ballots.rows().get(row), Optional.empty(), agreement, status);
    }
    int label =
        IntStream.range(0, votes.length).filter(l -> votes[l] == most).findFirst().orElse(0);
    Optional<String> name = Optional.of(ballots.labels().get(label));
    return decision(ballots.rows().get(row), name, agreement, DecisionStatus.REACHED);
  }

  private static Decision decision(
      String row, Optional<String> label, double agreement, DecisionStatus status) {
    return new Decision(row, label, agreement, Optional.empty(), status);
  }

  /** Lets three models vote on two invented patients who travel with the job. */
  public static void main(String[] args) throws Exception {
    Path data =
        Path.of(Objects.requireNonNull(OwnConsensusRule.class.getResource("heart")).toURI());
    DimJson json = DimJson.standard();
    float[] patients = {
      63, 1, 160, 300, 0, 110, 1, 2.5f, 0, 0, 1, 0, 1, // many signs of disease
      41, 0, 120, 200, 0, 172, 0, 0, 1, 0, 0, 0, 0 // none
    };
    try (var clinic = PowerNode.builder("clinic").loader(OnnxLoader.create()).build();
        var dim = Dim.orchestrator().plugin(new OwnConsensusRule()).node(clinic).build()) {
      for (String name : List.of("cleveland", "hungarian", "va")) {
        String descriptor = Files.readString(data.resolve(name + ".json"));
        dim.register(json.read(ModelDescriptor.class, descriptor), data.resolve(name + ".onnx"));
      }
      JobSpec job =
          JobSpec.comparative("heart-cleveland", "heart-hungarian", "heart-va")
              .node("clinic")
              .consensus(Consensus.of("unanimity"))
              .input("features", Tensor.ofFloats(patients, 2, 13))
              .build();
      JobResult result = dim.submit(job).await(Duration.ofMinutes(1));
      result.output().decisions().forEach(System.out::println);
    }
  }
}
