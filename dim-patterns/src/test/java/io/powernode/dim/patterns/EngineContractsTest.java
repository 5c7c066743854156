package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.PatternEngineContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;

/** The three engines keep their contract. */
class EngineContractsTest {

  private static List<ModelDescriptor> someModels() {
    return Stream.of("m1", "m2", "m3")
        .map(id -> FakeModels.model(id).withLabels(List.of("no", "yes")))
        .toList();
  }

  private static List<NodeProfile> someNodes() {
    return Stream.of("a", "b")
        .map(
            id ->
                FakeProfile.of(id)
                    .dataSet("patients", "medical", 10)
                    .formats(FakeModels.FORMAT)
                    .actions("book")
                    .build())
        .toList();
  }

  private static List<Named> somePlugins() {
    return List.of(
        new MeanReduction(), new VotesReduction(), new FederatedAveraging(), new MajorityVote());
  }

  @Nested
  class Collaborative extends PatternEngineContract<CollaborativeSpec> {
    @Override
    protected PatternEngine<CollaborativeSpec> create() {
      return new CollaborativeEngine();
    }

    @Override
    protected CollaborativeSpec spec() {
      return (CollaborativeSpec)
          JobSpec.collaborative("m1").nodes("a", "b").cabinet("patients").build().config();
    }

    @Override
    protected List<ModelDescriptor> models() {
      return someModels();
    }

    @Override
    protected List<NodeProfile> nodes() {
      return someNodes();
    }

    @Override
    protected List<Named> plugins() {
      return somePlugins();
    }
  }

  @Nested
  class Comparative extends PatternEngineContract<ComparativeSpec> {
    @Override
    protected PatternEngine<ComparativeSpec> create() {
      return new ComparativeEngine();
    }

    @Override
    protected ComparativeSpec spec() {
      return (ComparativeSpec)
          JobSpec.comparative("m1", "m2", "m3").node("a").cabinet("patients").build().config();
    }

    @Override
    protected List<ModelDescriptor> models() {
      return someModels();
    }

    @Override
    protected List<NodeProfile> nodes() {
      return someNodes();
    }

    @Override
    protected List<Named> plugins() {
      return somePlugins();
    }
  }

  @Nested
  class Chained extends PatternEngineContract<ChainedSpec> {
    @Override
    protected PatternEngine<ChainedSpec> create() {
      return new ChainedEngine();
    }

    @Override
    protected ChainedSpec spec() {
      return (ChainedSpec)
          JobSpec.chained()
              .step("first", "m1", step -> step.node("a"))
              .action("book", "book", step -> step.node("b"))
              .step(
                  "last", "m2", step -> step.node("a").input("x", "step_1_output.y").fallback("m3"))
              .build()
              .config();
    }

    @Override
    protected List<ModelDescriptor> models() {
      return someModels();
    }

    @Override
    protected List<NodeProfile> nodes() {
      return someNodes();
    }

    @Override
    protected List<Named> plugins() {
      return somePlugins();
    }
  }
}
