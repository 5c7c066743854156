package io.powernode.dim.benchmarks;

/** How long a measure is taken for. */
enum Pace {
  /** Half a minute, until all that a job runs through is compiled. */
  LONG,
  /** Until everything is compiled: for what takes microseconds. */
  STEADY,
  /** A few seconds: for what waits for disks, and warms itself up. */
  BRIEF,
  /** Once, in a process that has just started. */
  COLD
}
