package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the registry knows of a model. Jobs name the model by {@code id}; the artifact's digest is
 * pinned when a job is submitted.
 *
 * @param id an identifier, see {@link Ids}
 * @param artifact the file and its digest
 * @param signature inputs and outputs
 * @param labels class labels, in the order of the output's columns; empty for a regression
 * @param threshold for a single probability [n] or [n,1], or the second of two [n,2]: at or above
 *     it the vote is the second label; within 0..1. Unless declared it is 0.5 for a single one, and
 *     the likelier of two is the vote
 * @param licence an SPDX expression, where known
 * @param inProcess whether the owner of the model trusts it enough to run inside the node's process
 */
public record ModelDescriptor(
    String id,
    ModelArtifact artifact,
    Signature signature,
    List<String> labels,
    Optional<Double> threshold,
    Optional<String> licence,
    boolean inProcess) {

  public ModelDescriptor {
    Ids.require("model id", id);
    Objects.requireNonNull(artifact, "artifact");
    Objects.requireNonNull(signature, "signature");
    labels = List.copyOf(labels);
    if (threshold.isPresent() && !(threshold.get() >= 0 && threshold.get() <= 1)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "threshold: is out of range; allowed: 0 to 1");
    }
  }

  /** A descriptor without labels, threshold or licence, trusted to run in process. */
  public static ModelDescriptor of(String id, ModelArtifact artifact, Signature signature) {
    return new ModelDescriptor(
        id, artifact, signature, List.of(), Optional.empty(), Optional.empty(), true);
  }

  /** This descriptor with other class labels. */
  public ModelDescriptor withLabels(List<String> newLabels) {
    return new ModelDescriptor(id, artifact, signature, newLabels, threshold, licence, inProcess);
  }
}
