package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobResult;
import io.powernode.dim.json.DimJson;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  private static final Terminal PIPE = new Terminal(false, Map.of());
  private static final Terminal SCREEN = new Terminal(true, Map.of());
  private static final String ESCAPE = "\u001b[";

  private record Parts(JobResult collaborative, JobResult comparative, JobResult chained) {}

  @Test
  void demo_piped_printsPlainLinesWithTheExpectedNumbers() throws Exception {
    CommandAnswer answer = CommandAnswer.of(PIPE, "demo");
    ExpectedNumbers expected = ExpectedNumbers.load();
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out().lines()).noneMatch(l -> l.chars().anyMatch(c -> c < ' ' || c > '~'));
    assertThat(answer.out()).doesNotContain("\r");
    assertThat(answer.out().lines().map(DemoCommandTest::words))
        .contains(
            "patients 285 285 0",
            "malignant called malignant 100 100 0",
            "breast-mlp 0.915 0.9800 147 of 150",
            "weighted vote %s 143 of 150"
                .formatted(decimals(expected.number("comparative", "weightedVote", "accuracy"), 4)),
            "N-147 benign malignant benign malignant malignant 0.5126 benign wrong",
            "6 Doctor assign-doctor north failed 1 - -",
            "N-003: follow_up",
            "Mon 09:00 Dr Adeyemi taken");
    assertThat(answer.out())
        .contains(
            decimals(expected.number("collaborative", "pooled", "meanRisk"), 10).substring(0, 8))
        .contains(decimals(expected.number("comparative", "majorityVote", "fleissKappa"), 4));
  }

  /** The line with single spaces; a failed step's time, which varies, as a dash. */
  private static String words(String line) {
    return line.strip().replaceAll(" +", " ").replaceAll(" failed 1 \\d+ -", " failed 1 - -");
  }

  private static String decimals(double value, int count) {
    return String.format(Locale.ROOT, "%." + count + "f", value);
  }

  @Test
  void demo_asJson_isOneObjectOfThreeResults() {
    CommandAnswer answer = CommandAnswer.of(PIPE, "demo", "--json");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).endsWith("}" + System.lineSeparator());
    Parts parts = DimJson.standard().read(Parts.class, answer.out());
    assertThat(parts.collaborative().output().tensors()).containsOnlyKeys("risk");
    assertThat(parts.comparative().output().decisions()).hasSize(150);
    assertThat(parts.chained().output().tensors()).containsOnlyKeys("plan", "slot", "doctor");
    assertThat(parts.chained().trace()).hasSize(9);
    assertThat(DimJson.standard().writeResult(parts.chained()))
        .isEqualTo(answer.out().strip().replaceAll("^.*\"chained\":|}$", ""));
  }

  @Test
  void demo_onATerminal_drawsProgressAndClearsItBeforeTheTables() {
    String out = CommandAnswer.of(SCREEN, "demo").out();
    assertThat(out).contains(ESCAPE).contains("\rMean risk ");
    assertThat(onScreen(out)).contains("1. Collaborative").doesNotContain("Mean risk", "steps");
  }

  /** What remains visible when each carriage return lets the next text overwrite the line. */
  private static String onScreen(String printed) {
    StringBuilder screen = new StringBuilder();
    for (String line : printed.split("\n")) {
      StringBuilder visible = new StringBuilder();
      for (String part : line.split("\r")) {
        visible.replace(0, Math.min(part.length(), visible.length()), part);
      }
      screen.append(visible).append('\n');
    }
    return screen.toString();
  }

  @Test
  void demo_asJsonOnATerminal_drawsNothing() {
    assertThat(CommandAnswer.of(SCREEN, "demo", "--json").out())
        .startsWith("{\"coll")
        .doesNotContain("\r");
  }

  @Test
  void colours_forbidden_leaveNoEscapeSequences() {
    assertThat(CommandAnswer.of(new Terminal(true, Map.of("NO_COLOR", "1")), "demo").out())
        .doesNotContain(ESCAPE);
    assertThat(CommandAnswer.of(SCREEN, "demo", "--no-color").out()).doesNotContain(ESCAPE);
    assertThat(CommandAnswer.of(SCREEN, "demo", "--no-color", "--help").out())
        .doesNotContain(ESCAPE);
  }

  @Test
  void colours_demanded_areThereInAPipe() {
    assertThat(CommandAnswer.of(PIPE, "demo", "--color").out())
        .contains(ESCAPE)
        .doesNotContain("\r");
  }

  @Test
  void coloursOfJson_demanded_areRefused() {
    CommandAnswer answer = CommandAnswer.of(PIPE, "demo", "--json", "--color");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("allowed: one of --color and --json");
  }

  @Test
  void help_always_hasAnExample() {
    CommandAnswer answer = CommandAnswer.of(PIPE, "demo", "--help");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).contains("Example:").contains("./dim demo --json");
  }
}
