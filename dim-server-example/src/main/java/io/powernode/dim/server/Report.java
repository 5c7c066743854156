package io.powernode.dim.server;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Prints titles, sentences and tables for people. */
final class Report {
  private final PrintWriter out;
  private final Ansi ansi;
  private boolean afterTable;

  Report(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /** Begins a part. */
  void title(String text) {
    afterTable = true;
    line("%s", ansi.string("@|bold,cyan " + text + "|@"));
  }

  /** One line of text. */
  void line(String format, Object... values) {
    if (afterTable) {
      out.println();
    }
    out.println(String.format(Locale.ROOT, format, values));
    afterTable = false;
  }

  /** A table, apart from the text around it. */
  void table(Table table) {
    out.println();
    table.lines(ansi).forEach(out::println);
    afterTable = true;
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
