package io.powernode.dim.patterns;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.ConsensusRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a comparative job can work with the models, nodes and plugins that are there. */
final class ComparativeChecks {
  private final ComparativeSpec spec;
  private final Catalog catalog;
  private final CatalogChecks checks;
  private final Violations violations;

  ComparativeChecks(ComparativeSpec spec, Catalog catalog, Violations violations) {
    this.spec = spec;
    this.catalog = catalog;
    this.checks = new CatalogChecks(catalog);
    this.violations = violations;
  }

  void run() {
    List<Optional<ModelDescriptor>> models = new ArrayList<>();
    for (int i = 0; i < spec.modelIds().size(); i++) {
      models.add(checks.model(spec.modelIds().get(i), violations.at("modelIds").at(i), ""));
    }
    checkOutputs(models);
    checkNodes(models);
    Violations at = violations.at("consensus");
    checks
        .method(ConsensusRule.class, spec.consensus().method(), Set.of(), at)
        .ifPresent(rule -> OptionChecks.typed(at, () -> rule.validate(spec.consensus(), at)));
    new OptionChecks(spec.consensus().options(), at).share(Consensus.MIN_CONFIDENCE);
    new KnownLabelChecks(spec, catalog, at).run();
  }

  /** The cabinet from whose labels the votes' weights are learned. */
  static Optional<String> goldCabinet(ComparativeSpec spec) {
    return text(spec, Consensus.GOLD_CABINET);
  }

  /** The cabinet on whose labels confidences are judged. */
  static Optional<String> calibrationCabinet(ComparativeSpec spec) {
    return text(spec, Consensus.CALIBRATION);
  }

  /** Whether that cabinet is the one that is voted on. */
  static boolean calibratesOnItself(ComparativeSpec spec) {
    return !spec.usesInputData() && calibrationCabinet(spec).equals(Optional.of(spec.dataSource()));
  }

  private static Optional<String> text(ComparativeSpec spec, String option) {
    return Optional.ofNullable(spec.consensus().options().asMap().get(option))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /** Whether the models give what the method decides: numbers, labels, or probabilities of them. */
  private void checkOutputs(List<Optional<ModelDescriptor>> models) {
    Optional<ConsensusRule> rule =
        catalog.extensions().find(ConsensusRule.class, spec.consensus().method());
    if (rule.map(ConsensusRule::decidesNumbers).orElse(false)) {
      RegressionChecks.requireNumbers(models, violations.at("modelIds"));
      return;
    }
    Classes classes =
        Classes.of(spec.consensus(), models.stream().flatMap(Optional::stream).toList());
    checkClasses(classes, models);
    checkThreshold(classes);
    if (needsProbabilities(spec, catalog)) {
      checkScores(models);
    }
    if (rule.isPresent()) {
      RegressionChecks.requireLabels(models, spec.consensus(), classes, violations.at("modelIds"));
    }
  }

  /** Whether a model that gives no probabilities cannot take part. */
  static boolean needsProbabilities(ComparativeSpec spec, Catalog catalog) {
    return spec.consensus().options().names().contains(Consensus.MIN_CONFIDENCE)
        || catalog
            .extensions()
            .find(ConsensusRule.class, spec.consensus().method())
            .map(ConsensusRule::needsProbabilities)
            .orElse(false);
  }

  /** What a model's outputs are worth shows when it runs; here only that it has no scores. */
  private void checkScores(List<Optional<ModelDescriptor>> models) {
    for (int i = 0; i < models.size(); i++) {
      List<TensorSpec> outputs =
          models.get(i).map(model -> model.signature().outputs()).orElse(List.of());
      violations
          .at("modelIds")
          .at(i)
          .require(
              outputs.isEmpty() || outputs.stream().anyMatch(o -> o.datatype().isFloating()),
              "",
              "has no floating-point output, so it gives no probabilities",
              "a classifier with scores, or a method and options that need none");
    }
  }

  /** Among more than two labels there is no second one to part from the first. */
  private void checkThreshold(Classes classes) {
    int labels = classes.declared().size();
    violations
        .at("consensus")
        .require(
            spec.consensus().threshold().isEmpty() || labels <= 2,
            "threshold",
            "parts two labels, and there are " + labels,
            "left out, or models and labels of two classes");
  }

  private void checkClasses(Classes classes, List<Optional<ModelDescriptor>> models) {
    for (int i = 0; i < models.size(); i++) {
      Violations at = violations.at("modelIds").at(i);
      models
          .get(i)
          .ifPresent(model -> classes.check(model, !spec.consensus().labels().isEmpty(), at));
    }
  }

  private void checkNodes(List<Optional<ModelDescriptor>> models) {
    List<String> nodes = nodes(spec);
    violations.require(
        nodes.size() <= models.size(),
        "nodes",
        "are more than the models, so that some would run none",
        "at most " + models.size());
    for (int i = 0; i < nodes.size(); i++) {
      Violations at = spec.nodeId().isPresent() ? violations : violations.at("nodes").at(i);
      String field = spec.nodeId().isPresent() ? "nodeId" : "";
      Optional<NodeRecord> node = checks.boundNode(nodes.get(i), at, field);
      if (node.isPresent()) {
        if (!spec.usesInputData()) {
          checks.cabinet(node.get(), spec.dataSource(), at, field);
        }
        for (int m = i; m < models.size(); m += nodes.size()) {
          models.get(m).ifPresent(model -> checks.runs(node.get(), model, at, field));
        }
      }
    }
    if (!spec.usesInputData()) {
      differingData(spec, catalog, spec.dataSource())
          .ifPresent(problem -> violations.add("nodes", problem, "nodes that hold the same data"));
    }
  }

  /** The nodes that the job names, in order; empty for any. */
  static List<String> nodes(ComparativeSpec spec) {
    return spec.nodeId().map(List::of).orElse(spec.nodes());
  }

  /** Which of the named nodes hold other data than the first, by their cabinets' fingerprints. */
  static Optional<String> differingData(ComparativeSpec spec, Catalog catalog, String name) {
    Map<String, CabinetDescriptor> cabinets = new LinkedHashMap<>();
    for (String id : nodes(spec)) {
      catalog
          .node(id)
          .flatMap(node -> node.profile().dataSet(name))
          .ifPresent(cabinet -> cabinets.put(id, cabinet));
    }
    Optional<CabinetDescriptor> first = cabinets.values().stream().findFirst();
    List<String> others =
        cabinets.entrySet().stream()
            .filter(e -> !e.getValue().fingerprint().equals(first.orElseThrow().fingerprint()))
            .map(Map.Entry::getKey)
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "hold different data under the name %s: %s".formatted(name, String.join(", ", others)));
  }
}
