package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class TerminalTest {

  @ParameterizedTest
  @CsvSource({
    // terminal, NO_COLOR, asked, colours
    "true,  '',    ,      ON",
    "true,  1,     ,      OFF",
    "true,  1,     true,  ON",
    "true,  '',    false, OFF",
    "false, '',    ,      OFF",
    "false, '',    true,  ON",
  })
  void colours_always_followTheCallerThenTheEnvironment(
      boolean interactive, String noColor, Boolean asked, Ansi expected) {
    Terminal terminal = new Terminal(interactive, Map.of("NO_COLOR", noColor));
    assertThat(terminal.ansi(Optional.ofNullable(asked))).isEqualTo(expected);
  }
}
