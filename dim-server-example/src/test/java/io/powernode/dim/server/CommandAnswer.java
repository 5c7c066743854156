package io.powernode.dim.server;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a run of the command line answered. */
record CommandAnswer(int status, String out, String err) {

  static CommandAnswer of(Terminal terminal, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine(terminal)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new CommandAnswer(status, out.toString(), err.toString());
  }
}
