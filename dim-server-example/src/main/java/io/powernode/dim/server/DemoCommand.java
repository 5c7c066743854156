package io.powernode.dim.server;

import io.powernode.dim.json.DimJson;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code dim demo}: the three patterns on real models and real rows. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs the three patterns of inference on three small hospitals.",
      "",
      "Collaborative: one model over everybody's rows, beside the same numbers computed with all"
          + " rows in one place. Comparative: four models vote on the same rows. Chained: a"
          + " pipeline of four models, once smoothly and once with a step that fails, is rolled"
          + " back and tried again. Everything runs in this process.",
      "",
      "The rows are scikit-learn's breast-cancer data (CC BY 4.0), the models small ONNX files"
          + " trained on others of its rows; both are part of this program.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  ./dim demo",
      "  ./dim demo --json | python3 -m json.tool",
    })
final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;
  @ParentCommand private Main dim;

  @Option(
      names = "--json",
      description =
          "Prints one JSON object and nothing else. Its fields collaborative, comparative and"
              + " chained are the results of the jobs for the mean risk, for the vote, and for the"
              + " pipeline with the step that fails.")
  private boolean json;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    dim.requireNoColor(json, spec);
    PrintWriter out = spec.commandLine().getOut();
    try (Demo demo = Demo.start(live(out))) {
      if (json) {
        printJson(demo, out);
      } else {
        printReport(demo, new Report(out, spec.commandLine().getColorScheme().ansi()));
      }
    }
    return 0;
  }

  private Optional<PrintWriter> live(PrintWriter out) {
    return terminal.interactive() && !json ? Optional.of(out) : Optional.empty();
  }

  private static void printReport(Demo demo, Report report) {
    DemoReport parts = new DemoReport(report);
    parts.network(demo);
    parts.collaborative(demo.collaborative());
    parts.comparative(demo.comparative());
    new ChainReport(report).chained(demo.chained(), demo.model(DemoJobs.PLAN).labels());
  }

  private static void printJson(Demo demo, PrintWriter out) {
    DimJson json = DimJson.standard();
    out.println(
        "{\"collaborative\":%s,\"comparative\":%s,\"chained\":%s}"
            .formatted(
                json.writeResult(demo.collaborative().mean()),
                json.writeResult(demo.comparative().vote()),
                json.writeResult(demo.chained().appointments())));
  }
}
