package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Reduction;
import java.util.Optional;
import java.util.Set;

/** Whether a collaborative job can work with the models, nodes and plugins that are there. */
final class CollaborativeChecks {
  /** An option of every method in the contract; nothing here accounts for privacy yet. */
  private static final String PRIVACY = "differentialPrivacy";

  /** The reductions whose partials are numbers that may be averaged. */
  static final Set<String> OF_NUMBERS = Set.of("mean", "sum");

  private final CollaborativeSpec spec;
  private final CatalogChecks checks;
  private final Violations violations;

  CollaborativeChecks(CollaborativeSpec spec, Catalog catalog, Violations violations) {
    this.spec = spec;
    this.checks = new CatalogChecks(catalog);
    this.violations = violations;
  }

  void run() {
    Optional<ModelDescriptor> model = checks.model(spec.modelId(), violations, "modelId");
    for (int i = 0; i < spec.nodes().size(); i++) {
      Violations at = violations.at("nodes").at(i);
      checks.node(spec.nodes().get(i), at, "").ifPresent(node -> checkNode(node, model, at));
    }
    checkCounts();
    Optional<Reduction> reduction = reduction();
    Optional<Aggregator> aggregator = aggregator();
    if (reduction.isPresent() && aggregator.isPresent()) {
      Set<String> fitting = aggregator.get().reductions();
      violations
          .at("aggregation")
          .require(
              fitting.contains(reduction.get().name()),
              "method",
              aggregator.get().name() + " does not go with the reduction " + reduction.get().name(),
              "for this method, a reduction of "
                  + String.join(", ", fitting.stream().sorted().toList()));
    }
    checkClip();
    spec.rounds()
        .ifPresent(rounds -> new RoundChecks(spec, rounds, model).run(violations.at("rounds")));
    if (aggregator.isPresent() && !violations.has("aggregation")) {
      Aggregator method = aggregator.get();
      checkMinimum(method.name(), method.minimum(spec.aggregation().options()));
      checkWeights(method);
    }
  }

  private void checkClip() {
    violations.require(
        spec.normClip().isEmpty() || OF_NUMBERS.contains(spec.reduction().method()),
        "normClip",
        "does not go with the reduction " + spec.reduction().method(),
        "left out, or a reduction of mean or sum");
  }

  /** That the job can get as many contributions as the method needs. */
  private void checkMinimum(String method, int minimum) {
    String needed = method + " needs with these options, which is " + minimum;
    violations
        .at("quorum")
        .require(
            spec.quorum().min().orElse(minimum) >= minimum,
            "min",
            "is less than " + needed,
            minimum + " or more, or left out");
    if (spec.nodes().isEmpty()) {
      violations
          .at("dataRequirements")
          .require(
              mostChosen() >= minimum,
              "maxNodes",
              "is less than " + needed + ", or left out for " + CollaborativeEngine.DEFAULT_NODES,
              minimum + " or more");
    } else {
      violations.require(
          spec.nodes().size() >= minimum,
          "nodes",
          "are fewer than " + needed,
          minimum + " or more");
    }
  }

  private void checkWeights(Aggregator aggregator) {
    boolean used =
        aggregator instanceof WeightingAggregator method
            ? method.weighting(spec.aggregation().options()) == Weighting.GIVEN
            : !(aggregator instanceof WeightlessAggregator);
    violations.require(
        used || spec.weights().isEmpty(),
        "weights",
        "are not used by the aggregation " + aggregator.name() + " as the job has it",
        "left out, or the aggregation weighted_average, or the weighting given");
    boolean asked =
        aggregator instanceof WeightingAggregator
            && Weighting.in(spec.aggregation().options()).equals(Optional.of(Weighting.GIVEN));
    violations.require(
        !asked || !spec.weights().isEmpty(),
        "weights",
        "are missing, which the weighting given asks for",
        "the weight of at least one node");
  }

  private int mostChosen() {
    return spec.dataRequirements().maxNodes().orElse(CollaborativeEngine.DEFAULT_NODES);
  }

  private void checkNode(NodeRecord node, Optional<ModelDescriptor> model, Violations at) {
    model.ifPresent(m -> checks.runs(node, m, at, ""));
    spec.cabinet().ifPresent(name -> checks.cabinet(node, name, at, ""));
    wantedLabel(spec)
        .ifPresent(
            label ->
                at.require(
                    LabelColumn.mayBe(label, node, spec),
                    "",
                    "holds no data with the label column " + label,
                    "nodes whose cabinet has it"));
  }

  private void checkCounts() {
    int most = mostChosen();
    Violations at = violations.at("dataRequirements");
    if (spec.nodes().isEmpty()) {
      at.require(most >= 2, "maxNodes", "is too small for several nodes", "2 or more");
      violations
          .at("quorum")
          .require(
              spec.quorum().min().orElse(1) <= most,
              "min",
              "is more than the nodes that are chosen",
              "at most " + most + ", or a larger dataRequirements.maxNodes");
    } else {
      at.require(
          spec.dataRequirements().maxNodes().orElse(spec.nodes().size()) >= spec.nodes().size(),
          "maxNodes",
          "is less than the nodes named",
          "at least " + spec.nodes().size() + ", or left out");
    }
  }

  private Optional<Reduction> reduction() {
    Violations at = violations.at("reduction");
    Optional<Reduction> reduction =
        checks.method(Reduction.class, spec.reduction().method(), Set.of(), at);
    reduction.ifPresent(
        r -> OptionChecks.typed(at, () -> r.validate(spec.reduction().options(), at)));
    return reduction;
  }

  private Optional<Aggregator> aggregator() {
    Violations at = violations.at("aggregation");
    if (spec.aggregation().options().names().contains(PRIVACY)) {
      at.unsupported(PRIVACY, "is not available in this build", "left out");
      return Optional.empty();
    }
    Optional<Aggregator> aggregator =
        checks.method(Aggregator.class, spec.aggregation().method(), Set.of(), at);
    aggregator.ifPresent(
        a -> OptionChecks.typed(at, () -> a.validate(spec.aggregation().options(), at)));
    return aggregator;
  }

  /** The name that the nodes' label columns must have, if the job asks for one. */
  static Optional<String> wantedLabel(CollaborativeSpec spec) {
    try {
      return spec.reduction().options().text("label");
    } catch (InvalidJobException e) {
      return Optional.empty(); // The reduction's own check has already told it.
    }
  }
}
