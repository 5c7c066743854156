package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
<<<<<<< HEAD
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.PatternEngineContract;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Our engines do what every engine must. */
class EngineContractsTest {

  abstract static class OnTwoNodes<S extends PatternSpec> extends PatternEngineContract<S> {
    private final PatternEngine<S> engine;
    private final JobSpec job;

    OnTwoNodes(PatternEngine<S> engine, JobSpec job) {
      this.engine = engine;
      this.job = job;
    }

    @Override
    protected PatternEngine<S> create() {
      return engine;
    }

    @Override
    protected S spec() {
      return engine.specType().cast(job.config());
=======
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
>>>>>>> store
    }

    @Override
    protected List<ModelDescriptor> models() {
<<<<<<< HEAD
      TensorSpec risk = TensorSpec.of("risk", DataType.FP32, -1, 1);
      return List.of(
          FakeCatalog.riskModel("m1"),
          FakeCatalog.riskModel("m2"),
          FakeCatalog.model("next", List.of(risk), List.of(risk)));
=======
      return someModels();
>>>>>>> store
    }

    @Override
    protected List<NodeProfile> nodes() {
<<<<<<< HEAD
      return List.of(node("a"), node("b"));
    }

    private static NodeProfile node(String id) {
      return FakeProfile.of(id)
          .formats("onnx")
          .dataSet(FakeCatalog.cabinet("patients", "same"))
          .build();
=======
      return someNodes();
>>>>>>> store
    }

    @Override
    protected List<Named> plugins() {
<<<<<<< HEAD
      return List.of(
          new MeanReduction(), new VotesReduction(), new FederatedAveraging(), new MajorityVote());
=======
      return somePlugins();
>>>>>>> store
    }
  }

  @Nested
<<<<<<< HEAD
  class Collaborative extends OnTwoNodes<CollaborativeSpec> {
    Collaborative() {
      super(
          new CollaborativeEngine(),
          JobSpec.collaborative("m1").nodes("a", "b").cabinet("patients").build());
=======
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
>>>>>>> store
    }
  }

  @Nested
<<<<<<< HEAD
  class Comparative extends OnTwoNodes<ComparativeSpec> {
    Comparative() {
      super(
          new ComparativeEngine(),
          JobSpec.comparative("m1", "m2").nodes("a", "b").cabinet("patients").build());
    }
  }

  @Nested
  class Chained extends OnTwoNodes<ChainedSpec> {
    Chained() {
      super(
          new ChainedEngine(),
          JobSpec.chained()
              .step("One", "m1", step -> step.node("a").fallback("m2"))
              .step("Two", "next")
              .onFailure(ErrorHandling.rollbackAndRetry(1))
              .build());
=======
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
>>>>>>> store
    }
  }
}
