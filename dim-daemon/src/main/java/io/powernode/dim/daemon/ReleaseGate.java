package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.RowRoute;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The one place where anything leaves the node: a successful answer is made of a {@link Release},
 * and only this class can make one.
 */
final class ReleaseGate {
  private ReleaseGate() {}

  /**
   * What the owners of rows have to decide on.
   *
   * @param owners what each of them allows
   * @param model the model that reads the rows; empty for a condition
   * @param requester for whom and why
   * @param reducing what it makes of them; empty if they stay, or for a condition
   * @param hasCondition whether a condition of the job decides about the rows
   */
  record Request(
      Set<CabinetPolicy> owners,
      Optional<Digest> model,
      Requester requester,
      Optional<Reducing> reducing,
      boolean hasCondition) {}

  /** Refuses early what could not leave later. */
  static void admit(Request request) {
    for (CabinetPolicy policy : request.owners()) {
      policy.denial(request.model(), request.requester()).ifPresent(ReleaseGate::deny);
      request.reducing().flatMap(policy::denial).ifPresent(ReleaseGate::deny);
      if (request.hasCondition()) {
        policy.conditionDenial().ifPresent(ReleaseGate::deny);
      }
    }
  }

  /** Refuses an answer about fewer rows than an owner wants behind one. */
  private static void requireRows(Request request, long rows) {
    request.owners().forEach(policy -> policy.denial(rows).ifPresent(ReleaseGate::deny));
  }

  /**
   * Lets out what a reduction made of rows, if their owners allow all of it.
   *
   * @param rows how many rows the node itself fed to the reduction
   * @param least the fewest of them that the job could tell from the others
   */
  static Release ofReduction(Request request, long rows, long least, Partial partial) {
    admit(request);
    if (partial.samples() < 0 || partial.samples() > rows) {
      throw new DimException(
          ErrorCode.INTERNAL, "the reduction answers for other rows than it was given");
    }
    requireRows(request, Math.min(least, partial.samples()));
    return new Release(
        partial.values(), partial.samples(), TensorDigest.of(partial.values()), Optional.empty());
  }

  /**
   * Lets out how many rows stay, and in what form; nothing of what they hold.
   *
   * @param salt nobody else's, without which a digest of few values could be guessed
   * @param keep keeps them and answers the handle
   */
  static Release ofKept(Request request, RowSet rows, byte[] salt, Supplier<String> keep) {
    admit(request);
    requireRows(request, rows.rows());
    List<TensorSpec> tensors = rows.tensors();
    NodeRows told = new NodeRows(Optional.of(keep.get()), tensors, Optional.empty());
    return new Release(Map.of(), rows.rows(), rows.digest(salt), Optional.of(told));
  }

  /** Lets out whether a condition holds. */
  static Release ofCondition(Request request, long rows, long least, boolean holds) {
    admit(request);
    requireRows(request, least);
    Map<String, Tensor> answer = Map.of(Task.HOLDS, Tensor.ofBooleans(new boolean[] {holds}));
    return new Release(answer, rows, TensorDigest.of(answer), Optional.empty());
  }

  /** Lets out what was made of tensors that the requester sent. */
  static Release ofRequest(Map<String, Tensor> outputs, long samples) {
    return new Release(outputs, samples, TensorDigest.of(outputs), Optional.empty());
  }

  private static void deny(String rule) {
    throw new DimException(ErrorCode.POLICY_DENIED, "the policy of the data's owner: " + rule);
  }

  /** What may leave. */
  static final class Release {
    private final Map<String, Tensor> outputs;
    private final long samples;
    private final Digest digest;
    private final Optional<NodeRows> rows;

    private Release(
        Map<String, Tensor> outputs, long samples, Digest digest, Optional<NodeRows> rows) {
      this.outputs = outputs;
      this.samples = samples;
      this.digest = digest;
      this.rows = rows;
    }

    /** The same with how many rows went through, where neither side has too few to be told. */
    Release routed(Request request, Optional<RowRoute> route) {
      return route
          .filter(divided -> mayTell(request, divided))
          .map(divided -> new RoutedRows(divided.through(), divided.rows()))
          .map(this::with)
          .orElse(this);
    }

    private static boolean mayTell(Request request, RowRoute route) {
      return LongStream.of(route.through(), route.rows() - route.through())
          .filter(rows -> rows > 0)
          .allMatch(
              rows -> request.owners().stream().allMatch(policy -> policy.denial(rows).isEmpty()));
    }

    private Release with(RoutedRows counts) {
      NodeRows told =
          rows.map(r -> new NodeRows(r.handle(), r.tensors(), Optional.of(counts)))
              .orElseGet(() -> new NodeRows(Optional.empty(), List.of(), Optional.of(counts)));
      return new Release(outputs, samples, digest, Optional.of(told));
    }

    TaskResult.Success success(String nodeId, long durationMs) {
      return new TaskResult.Success(nodeId, outputs, samples, digest, durationMs, 1, rows);
    }
  }
}
