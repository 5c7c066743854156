package io.powernode.dim.spi;

import java.time.Duration;
import java.util.function.Predicate;

/** When to stop waiting for tasks that run side by side. All of them ended is always enough. */
public sealed interface Until {

  /** When all ended. */
  record All() implements Until {}

  /**
   * When enough went well, and then for a grace time.
   *
   * @param successes how many must go well, 1 or more
   * @param grace how long to wait for the others after that
   * @param counts whether a success counts: an engine may demand more than an answer. Asked once of
   *     each, in the order in which they arrive and never of two at a time, so it may remember
   *     those before
   */
  record Quorum(int successes, Duration grace, Predicate<TaskResult.Success> counts)
      implements Until {
    /** The same quorum with this grace. */
    public Quorum grace(Duration time) {
      return new Quorum(successes, time, counts);
    }
  }

  /**
   * When one answer is good enough.
   *
   * @param valid whether it is
   */
  record FirstValid(Predicate<TaskResult.Success> valid) implements Until {}

  /** When all ended. */
  static Until all() {
    return new All();
  }

  /** When {@code successes} went well, without grace for the others. */
  static Quorum quorum(int successes) {
    return new Quorum(successes, Duration.ZERO, success -> true);
  }

  /** When one answer is valid. */
  static Until firstValid(Predicate<TaskResult.Success> valid) {
    return new FirstValid(valid);
  }
}
