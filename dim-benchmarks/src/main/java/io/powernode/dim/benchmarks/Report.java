package io.powernode.dim.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * What a suite found.
 *
 * @param suite its name
 * @param date the day, as ISO 8601 has it
 * @param quick whether the figures mean nothing
 * @param rounds how often everything was measured
 */
record Report(
    String suite,
    String date,
    boolean quick,
    int rounds,
    MachineFacts machine,
    List<Figure> figures,
    List<Outcome> targets) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.CUSTOM,
                  JsonInclude.Include.ALWAYS,
                  NoNumber.class,
                  Void.class));

  /** What JSON's numbers cannot say, and so is left out. Jackson asks what equals it. */
  static final class NoNumber {
    @Override
    public boolean equals(Object value) {
      return value instanceof Double number && !Double.isFinite(number);
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /**
   * The medians of a measure over the rounds.
   *
   * @param p50Micros not a number where calls were only counted
   * @param p99Micros not a number where calls were only counted
   */
  record Figure(String measure, double p50Micros, double p99Micros, double perSecond) {
    static Figure of(String id, List<Round> rounds) {
      return new Figure(
          id,
          Target.Unit.MICROS.of(Target.median(rounds, Quantity.p50(id))),
          Target.Unit.MICROS.of(Target.median(rounds, Quantity.p99(id))),
          Target.median(rounds, Quantity.perSecond(id)));
    }
  }

  /** What became of a target; figures in its unit. */
  record Outcome(
      String what,
      String target,
      String unit,
      double measured,
      double bound,
      double ratio,
      boolean met) {
    static Outcome of(Target.Verdict verdict) {
      Target target = verdict.target();
      return new Outcome(
          target.what(),
          target.promise(),
          target.unit().symbol(),
          verdict.measured(),
          verdict.bound(),
          verdict.ratio(),
          verdict.isMet());
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%s, %s, median of %d rounds", suite, date, rounds);
    line(
        text,
        "%s, %d cores, %d MiB; %s",
        machine.cpu(),
        machine.cores(),
        machine.memoryMiB(),
        machine.os());
    line(text, "%s; disk %s; load %.2f", machine.jdk(), machine.disk(), machine.load());
    if (quick) {
      line(text, "quick: a few calls on small inputs; the figures mean nothing");
    }
    line(text, "%n%-44s %12s %12s %12s", "measure", "p50 µs", "p99 µs", "/s");
    for (Figure figure : figures) {
      line(
          text,
          "%-44s %12.2f %12.2f %12.1f",
          figure.measure,
          figure.p50Micros,
          figure.p99Micros,
          figure.perSecond);
    }
    line(text, "");
    for (Outcome target : targets) {
      line(text, "%-8s%s", quick ? "" : target.met ? "met" : "MISSED", target.what);
      line(
          text,
          "        %s: %.3f %s against %.3f, ratio %.2f",
          target.target,
          target.measured,
          target.unit,
          target.bound,
          target.ratio);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String form, Object... values) {
    text.append(String.format(Locale.ROOT, form, values)).append(System.lineSeparator());
  }
}
