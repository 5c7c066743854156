package io.powernode.dim.benchmarks;

/** A number that a round tells: nanoseconds, calls a second, or what was counted for a call. */
interface Quantity {
  double of(Round round);

  static Quantity p50(String id) {
    return round -> round.sample(id).p50();
  }

  static Quantity p99(String id) {
    return round -> round.sample(id).p99();
  }

  static Quantity perSecond(String id) {
    return round -> round.sample(id).perSecond();
  }

  static Quantity counted(String id) {
    return round -> round.sample(id).counted();
  }

  static Quantity micros(double value) {
    return round -> value * 1e3;
  }

  default Quantity times(double factor) {
    return round -> factor * of(round);
  }

  default Quantity plus(Quantity other) {
    return round -> of(round) + other.of(round);
  }
}
