package io.powernode.dim.api;

/** How soon a job should run. Waiting jobs age, so that none waits for ever. */
public enum Priority {
  /** After the others. */
  LOW,
  /** The default. */
  NORMAL,
  /** Before the others. */
  HIGH
}
