package io.powernode.dim.benchmarks;

/** How long a measure is taken for. */
enum Pace {
  /** Half a minute, until all that a job runs through is compiled. */
  LONG,
  /** Until everything is compiled: for what takes microseconds. */
  STEADY,
  /** Once, in a process that has just started. */
  COLD
}
