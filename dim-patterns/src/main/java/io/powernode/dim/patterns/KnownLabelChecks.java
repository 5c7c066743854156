package io.powernode.dim.patterns;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import java.util.Optional;

/**
 * Whether a comparative job can learn from the cabinets with known labels that it names.
 *
 * @param at the consensus
 */
record KnownLabelChecks(ComparativeSpec spec, Catalog catalog, Violations at) {

  void run() {
    new OptionChecks(spec.consensus().options(), at)
        .text(Consensus.GOLD_CABINET)
        .text(Consensus.CALIBRATION);
    ComparativeChecks.goldCabinet(spec).ifPresent(this::checkGold);
    ComparativeChecks.calibrationCabinet(spec).ifPresent(this::checkCalibration);
  }

  private void checkGold(String cabinet) {
    at.require(
        spec.consensus().weights().isEmpty(),
        "weights",
        "stand beside goldCabinet, from which weights are learned",
        "one of the two");
    checkLabels(cabinet, Consensus.GOLD_CABINET);
  }

  private void checkCalibration(String cabinet) {
    checkLabels(cabinet, Consensus.CALIBRATION);
    if (!ComparativeChecks.calibratesOnItself(spec)) {
      ComparativeChecks.differingData(spec, catalog, cabinet)
          .ifPresent(
              how ->
                  at.add(Consensus.CALIBRATION, "nodes " + how, "nodes that hold the same data"));
    }
  }

  /** Whether each named node holds the cabinet, and knows its labels. */
  private void checkLabels(String cabinet, String option) {
    at.require(
        !ComparativeChecks.nodes(spec).isEmpty(),
        option,
        "is given, but no node is named that holds it",
        "nodeId or nodes beside it");
    for (String id : ComparativeChecks.nodes(spec)) {
      Optional<CabinetDescriptor> held =
          catalog.node(id).flatMap(node -> node.profile().dataSet(cabinet));
      at.require(
          catalog.node(id).isEmpty() || held.flatMap(CabinetDescriptor::label).isPresent(),
          option,
          "is no cabinet with a label column on the node " + id,
          "a cabinet with a label column on every named node");
    }
  }
}
