package io.powernode.dim.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Rows in columns that are as wide as their widest cell. Not thread-safe. */
final class Table {
  private static final String GAP = "  ";
  private static final String FLUSH_RIGHT = ">";

  private final List<String> headers;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String style, List<String> cells) {}

  /** A table with these headers; a column whose header begins with {@code >} is flush right. */
  Table(String... headers) {
    this.headers = List.of(headers);
  }

  /** Adds a row; each cell is printed as its text. */
  Table row(Object... cells) {
    return styled("", cells);
  }

  /**
   * Adds a row that stands out where there are colours.
   *
   * @param style in picocli's words, as in {@code red}; empty for none
   * @throws IllegalArgumentException if there are more or fewer cells than columns
   */
  Table styled(String style, Object... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(
          "cells: are " + cells.length + "; allowed: " + headers.size());
    }
    rows.add(new Row(style, Arrays.stream(cells).map(Object::toString).toList()));
    return this;
  }

  /** The table's lines, the headers first. */
  List<String> lines(Ansi ansi) {
    List<String> titles = headers.stream().map(Table::title).toList();
    List<String> lines = new ArrayList<>();
    lines.add(styled("bold", line(titles), ansi));
    rows.forEach(row -> lines.add(styled(row.style(), line(row.cells()), ansi)));
    return lines;
  }

  private String line(List<String> cells) {
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(width(i) - cells.get(i).length());
      boolean right = headers.get(i).startsWith(FLUSH_RIGHT);
      padded.add(right ? padding + cells.get(i) : cells.get(i) + padding);
    }
    return String.join(GAP, padded).stripTrailing();
  }

  private int width(int column) {
    int widest = title(headers.get(column)).length();
    for (Row row : rows) {
      widest = Math.max(widest, row.cells().get(column).length());
    }
    return widest;
  }

  private static String title(String header) {
    return header.startsWith(FLUSH_RIGHT) ? header.substring(1) : header;
  }

  private static String styled(String style, String line, Ansi ansi) {
    return style.isEmpty() ? line : ansi.string("@|" + style + " " + line + "|@");
  }
}
