package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;

/**
 * The one place where anything leaves the node: a successful answer is made of a {@link Release},
 * and only this class can make one.
 */
final class ReleaseGate {
  private ReleaseGate() {}

  /**
   * What a cabinet's owner has to decide on.
   *
   * @param policy what the owner allows
   * @param model the model that reads the rows
   * @param requester for whom and why
   * @param reducing what it makes of them
   */
  record Request(CabinetPolicy policy, Digest model, Requester requester, Reducing reducing) {}

  /** Refuses early what could not leave later. */
  static void admit(Request request) {
    request
        .policy()
        .denial(
            request.model(),
            request.requester(),
            request.reducing().reduction(),
            request.reducing().spec())
        .ifPresent(ReleaseGate::deny);
  }

  /**
   * Lets out what a reduction made of a cabinet's rows, if the owner's policy allows all of it.
   *
   * @param rows how many rows the node itself fed to the reduction
   */
  static Release ofCabinet(Request request, long rows, Partial partial) {
    admit(request);
    if (partial.samples() < 0 || partial.samples() > rows) {
      throw new DimException(
          ErrorCode.INTERNAL, "the reduction answers for other rows than it was given");
    }
    request.policy().denial(partial.samples()).ifPresent(ReleaseGate::deny);
    return new Release(partial.values(), partial.samples());
  }

  /** Lets out what was made of tensors that the requester sent. */
  static Release ofRequest(Map<String, Tensor> outputs, long samples) {
    return new Release(outputs, samples);
  }

  private static void deny(String rule) {
    throw new DimException(ErrorCode.POLICY_DENIED, "the policy of the data's owner: " + rule);
  }

  /** What may leave. */
  static final class Release {
    private final Map<String, Tensor> outputs;
    private final long samples;

    private Release(Map<String, Tensor> outputs, long samples) {
      this.outputs = outputs;
      this.samples = samples;
    }

    TaskResult.Success success(String nodeId, long durationMs) {
      return (TaskResult.Success) TaskResult.success(nodeId, outputs, samples, durationMs);
    }
  }
}
