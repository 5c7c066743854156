package io.powernode.dim.patterns.simulation;

import io.powernode.dim.testkit.SimulatedEnvironment;
import java.util.ArrayList;
import java.util.List;

/** Everything that happened in one simulation, in order, as text. */
final class History {
  private final SimulatedEnvironment environment;
  private final List<String> events = new ArrayList<>();

  History(SimulatedEnvironment environment) {
    this.environment = environment;
  }

  synchronized void add(String what) {
    events.add(environment.nanoTime() / 1_000 + " us: " + what);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }
}
