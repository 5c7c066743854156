package io.powernode.dim.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Takes the measures of a plan in rounds, each in a process of its own. The order turns from round
 * to round, so that what disturbs the machine for a while disturbs both sides of a comparison.
 */
final class Measuring {
  private final Effort effort;
  private final Consumer<String> progress;

  /**
   * A measuring.
   *
   * @param progress hears what is being measured
   */
  Measuring(Effort effort, Consumer<String> progress) {
    this.effort = effort;
    this.progress = progress;
  }

  List<Round> take(List<Measure> measures) {
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= effort.rounds(); i++) {
      List<Measure> order = new ArrayList<>(measures);
      if (i % 2 == 0) {
        Collections.reverse(order);
      }
      Map<String, Sample> samples = new LinkedHashMap<>();
      for (Measure measure : order) {
        progress.accept("round " + i + " of " + effort.rounds() + ": " + measure.id());
        samples.put(measure.id(), sample(measure));
      }
      rounds.add(new Round(samples));
    }
    return rounds;
  }

  private Sample sample(Measure measure) {
    try {
      Collection<RunResult> results = new Runner(measure.options(effort).build()).run();
      RunResult result = results.iterator().next();
      return measure.mode() == Mode.Throughput
          ? Sample.ofRate(result)
          : Sample.ofTimes(result.getPrimaryResult(), measure.threads());
    } catch (RunnerException e) {
      progress.accept(measure.id() + " failed: " + e.getMessage());
      return Sample.FAILED;
    }
  }
}
