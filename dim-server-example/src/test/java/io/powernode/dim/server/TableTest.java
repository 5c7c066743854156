package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class TableTest {
  private static Table table() {
    return new Table("NAME", ">ROWS", "NOTE").row("north", 150, "").styled("red", "x", 7L, "late");
  }

  @Test
  void columns_always_areAsWideAsTheirWidestCell() {
    assertThat(table().lines(Ansi.OFF))
        .containsExactly(
            "NAME   ROWS  NOTE", //
            "north   150",
            "x         7  late");
  }

  @Test
  void styles_withColours_paintWholeLinesAndKeepTheirText() {
    assertThat(table().lines(Ansi.ON))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("\u001b[1m").contains("NAME   ROWS  NOTE"),
            line -> assertThat(line).isEqualTo("north   150"),
            line -> assertThat(line).startsWith("\u001b[31m").contains("x         7  late"));
  }

  @Test
  void table_withoutRows_isItsHeaders() {
    assertThat(new Table("A", ">B").lines(Ansi.OFF)).containsExactly("A  B");
  }

  @Test
  void row_withAnotherNumberOfCells_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table("A", "B").row("one"))
        .withMessage("cells: are 1; allowed: 2");
  }
}
