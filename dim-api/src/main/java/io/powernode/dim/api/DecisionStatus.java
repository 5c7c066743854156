package io.powernode.dim.api;

/** How a row's decision came about. */
public enum DecisionStatus {
  /** The rule gave a label or a number. */
  REACHED,
  /** Labels were tied and the declared rule gives none. */
  TIE,
  /** The share of those who agree is below the declared least agreement. */
  BELOW_AGREEMENT,
  /** An expert decided. */
  REVIEWED,
  /** No model voted. */
  ABSTAINED
}
