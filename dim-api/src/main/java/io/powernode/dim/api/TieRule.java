package io.powernode.dim.api;

/** What happens to a row on which the labels are tied. No rule depends on who answered first. */
public enum TieRule {
  /** The row has no label. */
  NONE,
  /** The tied label that comes first in the declared order of labels wins. */
  FIRST,
  /** The row waits for an expert. */
  EXPERT
}
