package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Rounds.Update;
import io.powernode.dim.api.Tensor;
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
    }

    @Override
    protected List<ModelDescriptor> models() {
      TensorSpec risk = TensorSpec.of("risk", DataType.FP32, -1, 1);
      return List.of(
          FakeCatalog.riskModel("m1").withLabels(List.of("no", "yes")),
          FakeCatalog.riskModel("m2").withLabels(List.of("no", "yes")),
          FakeCatalog.model("next", List.of(risk), List.of(risk)),
          FakeCatalog.model("m3", List.of(risk), List.of(risk)));
    }

    @Override
    protected List<NodeProfile> nodes() {
      return List.of(node("a"), node("b"));
    }

    private static NodeProfile node(String id) {
      return FakeProfile.of(id)
          .formats("onnx")
          .dataSet(FakeCatalog.cabinet("patients", "same"))
          .build();
    }

    @Override
    protected List<Named> plugins() {
      return List.of(
          new MeanReduction(),
          new VotesReduction(),
          new FederatedAveraging(),
          new MajorityVote(),
          new CollaborativeEngine(),
          new ComparativeEngine());
    }
  }

  @Nested
  class Collaborative extends OnTwoNodes<CollaborativeSpec> {
    Collaborative() {
      super(
          new CollaborativeEngine(),
          JobSpec.collaborative("m1").nodes("a", "b").cabinet("patients").build());
    }
  }

  @Nested
  class InRounds extends OnTwoNodes<CollaborativeSpec> {
    InRounds() {
      super(
          new CollaborativeEngine(),
          JobSpec.collaborative("m1")
              .nodes("a", "b")
              .cabinet("patients")
              .rounds(Rounds.fedAdam(3).update("w", Update.gradient("risk")))
              .input("w", Tensor.ofDoubles(new double[] {1}))
              .build());
    }
  }

  @Nested
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
    }
  }

  @Nested
  class ChainedWithBlocks extends OnTwoNodes<ChainedSpec> {
    ChainedWithBlocks() {
      super(
          new ChainedEngine(),
          JobSpec.chained()
              .block("Pooled", JobSpec.collaborative("m1").nodes("a", "b").build().config())
              .block(
                  "Votes",
                  JobSpec.comparative("m1", "m2").node("a").cabinet("patients").build().config())
              .build());
    }
  }

  @Nested
  class ChainedOverRows extends OnTwoNodes<ChainedSpec> {
    ChainedOverRows() {
      super(
          new ChainedEngine(),
          JobSpec.chained()
              .step("One", "m1", step -> step.node("a").from("patients"))
              .step(
                  "Two",
                  "next",
                  step ->
                      step.rows("step_1_output.risk > 0.5")
                          .fallback("m3")
                          .reduce(ReductionSpec.mean()))
              .build());
    }
  }
}
