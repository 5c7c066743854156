package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorInfo;
import java.util.Optional;

/**
 * What became of one model of a comparative job.
 *
 * @param modelId the model
 * @param nodeId where it ran; empty if nowhere
 * @param reputation of that node, 0..1
 * @param weight what its vote weighs, where that was learned from rows with known labels
 * @param vote what it voted; exactly one of this and {@code error}
 * @param error why it did not vote
 */
record ModelAnswer(
    String modelId,
    String nodeId,
    double reputation,
    Optional<Double> weight,
    Optional<ModelVote> vote,
    Optional<ErrorInfo> error) {

  static ModelAnswer voted(String modelId, String nodeId, double reputation, ModelVote vote) {
    return new ModelAnswer(
        modelId, nodeId, reputation, Optional.empty(), Optional.of(vote), Optional.empty());
  }

  static ModelAnswer failed(String modelId, String nodeId, ErrorInfo error) {
    return new ModelAnswer(
        modelId, nodeId, 0, Optional.empty(), Optional.empty(), Optional.of(error));
  }

  ModelAnswer with(ModelVote other) {
    return new ModelAnswer(modelId, nodeId, reputation, weight, Optional.of(other), error);
  }

  ModelAnswer weighing(double learned) {
    return new ModelAnswer(modelId, nodeId, reputation, Optional.of(learned), vote, error);
  }
}
