package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.util.Map;
import java.util.Set;

/**
 * {@code collaborative}: one model runs over the data of several nodes, each reduces its rows, and
 * what comes back is aggregated.
 *
 * <p>A contribution counts if it speaks for at least one row, has finite numbers only, and has the
 * names, types and shapes that the model's signature gives; where that leaves them open, those of
 * most contributions, of equally many those of the node whose id comes first. Others are recorded
 * with the reason, as are failed and late nodes, and the job fails with {@link
 * ErrorCode#QUORUM_NOT_MET} if fewer count than the quorum or than the aggregation needs.
 * Contributions are aggregated in the order of the nodes' ids, so the answer does not depend on who
 * was first, to the last bit. Nodes that a job does not name are chosen: at least two and as many
 * as the quorum and the aggregation need, at most {@code dataRequirements.maxNodes} or {@value
 * #DEFAULT_NODES}. Of a job with {@code normClip}, the evidence's details name the nodes whose
 * contributions were scaled down, under {@value #CLIPPED}.
 *
 * <p>Tensors of the job's {@code inputData} are inputs of the model beside each node's rows, the
 * same for all of them. With {@link Rounds}, the same nodes are asked in every round, the quorum
 * must be met in each, and the answer is the parameters that the rounds came to and what else the
 * last one did; the step of a node's task names the round. The evidence's contributions are the
 * last round's; its details tell of each round how many nodes took part, over how many rows, how
 * far the parameters moved, and which nodes were refused and why, under {@value #ROUNDS}, and
 * whether they {@value #CONVERGED}. Thread-safe.
 */
public final class CollaborativeEngine implements PatternEngine<CollaborativeSpec> {
  /** How many nodes are chosen at most when the job does not say. */
  public static final int DEFAULT_NODES = 10;

  /** The evidence's detail that lists the nodes whose contributions were scaled down. */
  public static final String CLIPPED = "clipped";

  /**
   * The evidence's detail with an object for each round: {@code round}, {@code participating},
   * {@code samples}, {@code change}, the Euclidean norm of what was added to the parameters, and
   * {@code refused}, why a node's contribution did not count, by its id.
   */
  public static final String ROUNDS = "rounds";

  /** The evidence's detail that says whether the last round changed no more than the tolerance. */
  public static final String CONVERGED = "converged";

  /** For the service loader. */
  public CollaborativeEngine() {}

  @Override
  public String name() {
    return CollaborativeSpec.PATTERN;
  }

  @Override
  public Class<CollaborativeSpec> specType() {
    return CollaborativeSpec.class;
  }

  @Override
  public void validate(CollaborativeSpec spec, Catalog catalog, Violations violations) {
    new CollaborativeChecks(spec, catalog, violations).run();
  }

  @Override
  public void validateInput(
      CollaborativeSpec spec,
      Map<String, Tensor> inputData,
      Catalog catalog,
      Violations violations) {
    catalog
        .model(spec.modelId())
        .ifPresent(model -> new ParameterChecks(spec, model, inputData).run(violations));
  }

  /** A job whose rounds update parameters does, or one whose model may have inputs beside rows. */
  @Override
  public boolean readsInput(CollaborativeSpec spec, Catalog catalog) {
    return spec.rounds().isPresent()
        || catalog
            .model(spec.modelId())
            .filter(
                model -> model.signature().inputs().stream().anyMatch(ParameterChecks::isParameter))
            .isPresent();
  }

  @Override
  public Set<String> models(CollaborativeSpec spec, Catalog catalog) {
    return Set.of(spec.modelId());
  }

  @Override
  public int estimateTasks(CollaborativeSpec spec, Catalog catalog) {
    int nodes =
        spec.nodes().isEmpty()
            ? spec.dataRequirements().maxNodes().orElse(DEFAULT_NODES)
            : spec.nodes().size();
    return Math.multiplyExact(nodes, spec.rounds().map(Rounds::max).orElse(1));
  }

  @Override
  public PatternResult execute(CollaborativeSpec spec, PatternContext context) {
    Gathering gathering = Gathering.prepare(spec, context);
    if (spec.rounds().isPresent()) {
      return new Training(gathering, spec.rounds().get()).run();
    }
    Gathering.Outcome outcome =
        gathering.gather(
            "local",
            new Parameters(context.inputData(), Map.of()),
            done -> context.progress(done, gathering.steps()));
    if (outcome instanceof Gathering.Gathered gathered) {
      return PatternResult.completed(
          gathering.reduction().output(gathered.aggregate().value()), gathered.evidence());
    }
    return PatternResult.failed(((Gathering.Failed) outcome).error());
  }
}
