package io.powernode.dim.server;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Prints titles, sentences and tables for people. */
final class Report {
  private final PrintWriter out;
  private final Ansi ansi;

  Report(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /** Begins a part. */
  void title(String text) {
    out.println();
    out.println(ansi.string("@|bold,cyan " + text + "|@"));
  }

  /** One line of text. */
  void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  /** A table between empty lines. */
  void table(Table table) {
    out.println();
    table.lines(ansi).forEach(out::println);
    out.println();
  }

  /** Shows what was printed so far. */
  void flush() {
    out.flush();
  }

  /** A number with so many decimals. */
  static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** How far two numbers are apart; small distances keep their first digits. */
  static String distance(double one, double other) {
    double distance = Math.abs(one - other);
    return distance == 0 ? "0" : String.format(Locale.ROOT, "%.1e", distance);
  }
}
