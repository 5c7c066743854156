package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorInfo;
import java.util.Optional;

/**
 * What became of one model of a comparative job.
 *
 * @param modelId the model
 * @param nodeId where it ran; empty if nowhere
 * @param reputation of that node, 0..1
 * @param vote what it voted; exactly one of this and {@code error}
 * @param error why it did not vote
 */
record ModelAnswer(
    String modelId,
    String nodeId,
    double reputation,
    Optional<ModelVote> vote,
    Optional<ErrorInfo> error) {

  static ModelAnswer voted(String modelId, String nodeId, double reputation, ModelVote vote) {
    return new ModelAnswer(modelId, nodeId, reputation, Optional.of(vote), Optional.empty());
  }

  static ModelAnswer failed(String modelId, String nodeId, ErrorInfo error) {
    return new ModelAnswer(modelId, nodeId, 0, Optional.empty(), Optional.of(error));
  }

  ModelAnswer with(ModelVote other) {
    return voted(modelId, nodeId, reputation, other);
  }
}
