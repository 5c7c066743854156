package io.powernode.dim.examples;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.jdbc.JdbcStateStore;
import io.powernode.dim.spi.NodeAction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What becomes of a job whose process is killed? This program starts itself once more; that process
 * accepts a job and is killed in the middle of its last step. Then it does the same itself, on the
 * same store: the job goes on, and nothing is done twice.
 */
public final class SurvivesKill {
  private final String name;
  private final Path folder;
  private final boolean hangs;

  private SurvivesKill(String name, Path folder, boolean hangs) {
    this.name = name;
    this.folder = folder;
    this.hangs = hangs;
  }

  /** Something in the host's world, done once under a key: the host's part of the promise. */
  private Map<String, Tensor> perform(String action, Map<String, Tensor> input, String key) {
    String done = Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex();
    try {
      Files.writeString(folder.resolve(done), action, StandardOpenOption.CREATE_NEW);
      System.out.println(name + ": " + action);
    } catch (FileAlreadyExistsException e) {
      System.out.println(name + ": " + action + " was done already");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (hangs && action.equals("write-letter")) {
      waitForEver();
    }
    return input;
  }

  /** It is done, but nobody will hear of it. */
  private static void waitForEver() {
    try {
      while (true) {
        Thread.sleep(Duration.ofHours(1).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private NodeAction action(String action) {
    return new NodeAction() {
      @Override
      public String name() {
        return action;
      }

      @Override
      public Map<String, Tensor> perform(Map<String, Tensor> input, String idempotencyKey) {
        return SurvivesKill.this.perform(action, input, idempotencyKey);
      }
    };
  }

  /** The idempotency key makes it one job, however often and by whomever it is submitted. */
  private void run() {
    JobSpec job =
        JobSpec.chained()
            .action("Bed", "reserve-bed", step -> step.node("clinic"))
            .action("Scan", "order-scan", step -> step.node("clinic"))
            .action("Letter", "write-letter", step -> step.node("clinic"))
            .input("patient", Tensor.ofLongs(new long[] {17}))
            .idempotencyKey("admission of patient 17")
            .build();
    try (var clinic =
        PowerNode.builder("clinic")
            .action(action("reserve-bed"))
            .action(action("order-scan"))
            .action(action("write-letter"))
            .build()) {
      // README
      try (var store = JdbcStateStore.sqlite(folder.resolve("jobs.db")).build();
          var dim = Dim.orchestrator().store(store).node(clinic).build()) {
        JobResult result = dim.submit(job).await(Duration.ofMinutes(1));
        result.trace().forEach(step -> System.out.println(step.name() + " " + step.status()));
      }
      // README
    }
  }

  /** Prints what both processes do, and how the job ended. */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      new SurvivesKill("first process", Path.of(args[0]), true).run();
      return;
    }
    Path folder = Files.createTempDirectory("survives-kill");
    try {
      killInTheMiddle(folder);
      new SurvivesKill("second process", folder, false).run();
    } finally {
      delete(folder);
    }
  }

  private static void killInTheMiddle(Path folder) throws Exception {
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SurvivesKill.class.getName(),
                folder.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader lines = first.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        if (line.endsWith("write-letter")) {
          first.toHandle().destroyForcibly();
        }
      }
    }
    System.out.println("first process: ended with " + first.waitFor());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
