package io.powernode.dim.benchmarks;

import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.WeightedNodeSelector;
import io.powernode.dim.spi.NodeDirectory;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Choosing nodes for one task among all that an orchestrator knows. */
@State(Scope.Benchmark)
public class SelectionBenchmark {
  private static final long MANY_ROWS = 1_000_000;

  /** How many are known. */
  @Param("100")
  public int nodes = 100;

  /** What is asked for: one node, a hundred, or something that none has. */
  @Param({"one", "hundred", "none"})
  public String wanted = "one";

  private final SplittableRandom random = new SplittableRandom(7);
  private final NodeSelector selector = new WeightedNodeSelector();
  private Orchestrator dim;
  private NodeDirectory directory;
  private NodeRequirements needs;

  /** Takes the directory that an orchestrator's own selector is given. */
  @Setup
  public void start() throws IOException {
    CompletableFuture<NodeDirectory> seen = new CompletableFuture<>();
    dim =
        Dim.orchestrator()
            .transport(new CrowdedNetwork(nodes))
            .selector(
                (required, known, exclude, source) -> {
                  seen.complete(known);
                  return selector.select(required, known, exclude, source);
                })
            .build();
    NoOp.register(dim, "a", "b");
    JobSpec job =
        JobSpec.chained()
            .step("one", "a", step -> step.retries(0))
            .step("two", "b")
            .input("x", NoOp.X)
            .build();
    dim.submit(job);
    directory = seen.join();
    needs = needs();
  }

  private NodeRequirements needs() {
    DataRequirements data =
        new DataRequirements(
            Optional.of(CrowdedNetwork.MEDICAL),
            Optional.of(wanted.equals("none") ? MANY_ROWS : 100),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return NodeRequirements.any()
        .withData(data)
        .forModel("m", CrowdedNetwork.FORMAT)
        .reputationAtLeast(0.5)
        .count(1, wanted.equals("hundred") ? 100 : 1);
  }

  /** Ends the threads. */
  @TearDown
  public void stop() {
    dim.close();
  }

  /** One choice. */
  @Benchmark
  public NodeSelector.Selection select() {
    return selector.select(needs, directory, Set.of(), random);
  }
}
