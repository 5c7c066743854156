package io.powernode.dim.server;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * What standard output leads to.
 *
 * @param interactive whether a person watches it
 * @param environment the process's environment variables
 */
record Terminal(boolean interactive, Map<String, String> environment) {
  Terminal {
    environment = Map.copyOf(environment);
  }

  static Terminal detect() {
    Map<String, String> environment = System.getenv();
    return new Terminal(isTerminal() && !"dumb".equals(environment.get("TERM")), environment);
  }

  /**
   * Whether to colour what is printed.
   *
   * @param asked what the caller says; else only a terminal gets colours, and not where the
   *     variable {@code NO_COLOR} has a value (no-color.org)
   */
  Ansi ansi(Optional<Boolean> asked) {
    boolean usual = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return asked.orElse(usual) ? Ansi.ON : Ansi.OFF;
  }

  /** From Java 22 on there is a console even without a terminal, and it can be asked. */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
