package io.powernode.dim.patterns;

import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.NodeRecord;

/** Compares the label column that a job names with what nodes say of their cabinets. */
final class LabelColumn {
  private LabelColumn() {}

  /** Whether one of the node's cabinets that fit the job has this label column. */
  static boolean mayBe(String label, NodeRecord node, CollaborativeSpec spec) {
    return node.profile().dataSets().stream()
        .filter(cabinet -> spec.cabinet().map(cabinet.name()::equals).orElse(true))
        .filter(
            cabinet -> spec.dataRequirements().type().map(cabinet.dataType()::equals).orElse(true))
        .anyMatch(cabinet -> cabinet.label().map(Column::name).filter(label::equals).isPresent());
  }
}
