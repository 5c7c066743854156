package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Reduction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChainedValidationTest {
  private static final TensorSpec PAIR = TensorSpec.of("pair", DataType.FP32, -1, 2);
  private static final TensorSpec RISK = TensorSpec.of("risk", DataType.FP32, -1);
  private static final TensorSpec NOTE = TensorSpec.of("note", DataType.BYTES, -1);
  private static final TensorSpec WIDE = TensorSpec.of("wide", DataType.FP32, -1, 3);

  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(FakeCatalog.model("toPair", List.of(RISK), List.of(PAIR)))
          .model(FakeCatalog.model("toRisk", List.of(PAIR), List.of(RISK)))
          .model(FakeCatalog.model("toBoth", List.of(PAIR), List.of(RISK, NOTE)))
          .model(FakeCatalog.model("ofBoth", List.of(RISK, NOTE), List.of(RISK)))
          .model(FakeCatalog.model("ofNote", List.of(NOTE), List.of(RISK)))
          .model(FakeCatalog.model("ofWide", List.of(WIDE), List.of(RISK)))
          .model(
              FakeCatalog.model(
                  "ofColumn", List.of(TensorSpec.of("risk", DataType.FP64, -1, 1)), List.of(RISK)))
          .model(FakeCatalog.model("unknownForm", List.of(), List.of()))
          .model(
              FakeCatalog.model(
                  "ofStart",
                  List.of(PAIR, TensorSpec.of("start", DataType.FP32, 1)),
                  List.of(RISK)))
          .model(
              FakeCatalog.model(
                  "ofOneRow", List.of(RISK), List.of(TensorSpec.of("one", DataType.FP32, 1))))
          .model(
              FakeCatalog.model(
                  "toOpen", List.of(RISK), List.of(TensorSpec.of("open", DataType.FP32, -1, -1))))
          .node("n1", 0.9, "book", "unbook")
          .node("n2", 0.9)
          .node("idle", 0.9, "book", "unbook")
          .maintenance("idle");

  private static ChainedJobBuilder chain(String... models) {
    ChainedJobBuilder job = JobSpec.chained();
    for (String model : models) {
      job.step("Step " + model, model);
    }
    return job;
  }

  private static ChainedJobBuilder when(String condition) {
    return chain("toBoth").step("B", "ofBoth", s -> s.when(condition));
  }

  private static PatternSpec votes(String first, String second) {
    return JobSpec.comparative(first, second)
        .consensus(Consensus.majorityVote().labels("no", "yes"))
        .build()
        .config();
  }

  private static PatternSpec onCabinet(String cabinet) {
    return JobSpec.comparative("toRisk", "ofWide")
        .node("n1")
        .cabinet(cabinet)
        .consensus(Consensus.majorityVote().labels("no", "yes"))
        .build()
        .config();
  }

  private static PatternSpec pooled(String model) {
    return JobSpec.collaborative(model).nodes("n1", "n2").cabinet("patients").build().config();
  }

  private static ChainedJobBuilder onRows(String model, Consumer<ChainedJobBuilder.Step> details) {
    return JobSpec.chained()
        .step("A", "toPair", s -> s.node("n1").from("patients"))
        .step("B", model, details);
  }

  private static ChainedJobBuilder routed(String model, Consumer<ChainedJobBuilder.Step> details) {
    return chain("toBoth").step("B", model, details);
  }

  private record Unknown() implements PatternSpec {
    @Override
    public String pattern() {
      return "unknown";
    }
  }

  private static Rollback undo(String action, String model, String node) {
    return new Rollback(
        Optional.of(action).filter(a -> !a.isEmpty()),
        Optional.of(model).filter(m -> !m.isEmpty()),
        Optional.of(node).filter(n -> !n.isEmpty()));
  }

  private List<Violation> violations(ChainedJobBuilder job) {
    Violations violations = Violations.none();
    new ChainedEngine()
        .validate((ChainedSpec) job.build().config(), catalog, violations.at("config"));
    return violations.list();
  }

  static Stream<ChainedJobBuilder> sound() {
    return Stream.of(
        chain("toPair", "toRisk"),
        chain("toPair", "unknownForm", "ofNote"),
        chain("toBoth", "ofBoth"),
        chain("toBoth", "ofNote"),
        chain("toRisk", "ofColumn"),
        when("step_1_output.risk > 0.5 and step_1_output.note == 'x'"),
        when("any(step_1_output.note != step_1_output.note)"),
        JobSpec.chained()
            .action("Book", "book", s -> s.node("n1"))
            .step("Any", "ofBoth", s -> s.when("step_1_output.whatever < 2")),
        chain("toBoth").step("Map", "ofWide", s -> s.from("client_data")),
        chain("toBoth")
            .step(
                "Next", "toPair", s -> s.input("risk", "step_1_output.risk").fallback("ofColumn")),
        JobSpec.chained()
            .action("Book", "book", s -> s.node("n1").rollback(Rollback.action("unbook")))
            .step("Any", "ofBoth")
            .onFailure(ErrorHandling.rollbackAndRetry(2)),
        JobSpec.chained()
            .action("Book", "book", s -> s.rollback(undo("unbook", "", "n1")))
            .step("Any", "ofBoth"),
        chain("toBoth")
            .block("Votes", votes("toPair", "ofBoth"))
            .step(
                "Note",
                "ofNote",
                s ->
                    s.input("note", "step_2_output.label")
                        .when("any(step_2_output.agreement < 0.5)")),
        chain("toBoth").step("Some", "ofBoth", s -> s.rows("step_1_output.note == 'x'")),
        chain("toBoth")
            .step("Some", "toPair", s -> s.rows("step_1_output.risk > 0").otherwise("pair", 0)),
        chain("toBoth")
            .step("Pair", "toPair")
            .block(
                "Votes",
                votes("toRisk", "toBoth"),
                s -> s.rows("step_1_output.risk > 0").otherwise("label", "step_1_output.note")),
        JobSpec.chained()
            .action("Book", "book", s -> s.node("n1"))
            .step("Some", "toRisk", s -> s.rows("step_1_output.x > 0"))
            .action("Call", "book", s -> s.node("n1").rows("step_1_output.x > 0")),
        onRows("toRisk", s -> s.reduce(ReductionSpec.histogram(0, 1))),
        onRows("toRisk", s -> s.rows("step_1_output.pair > 0").otherwise("risk", 0)),
        onRows("toRisk", s -> s.reduce(ReductionSpec.mean()))
            .step("Mean", "ofNote", s -> s.when("step_2_output.risk > 0.5")),
        chain("toBoth").block("Own data", onCabinet("patients")).step("Next", "unknownForm"),
        onRows("toRisk", s -> s.reduce(ReductionSpec.mean()))
            .block("Own data", onCabinet("patients")),
        JobSpec.chained()
            .step("Rows", "toPair", s -> s.node("n1").from("patients"))
            .block("Own data", onCabinet("patients"))
            .step("Mean", "toRisk", s -> s.from("step_1_output").reduce(ReductionSpec.mean())),
        chain("toBoth")
            .block("Trained", pooled("ofStart"), s -> s.input("start", "step_1_output.risk")),
        JobSpec.chained()
            .block("In", chain("toPair", "toRisk").build().config())
            .step("Out", "ofColumn"),
        JobSpec.chained()
            .step("Rows", "toPair", s -> s.node("n1").from("patients"))
            .step("Next", "toRisk", s -> s.node("n1").rollback(undo("", "toPair", "")))
            .onFailure(ErrorHandling.rollbackAndRetry(2).fromStep(2)));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void validate_soundJob_hasNoViolation(ChainedJobBuilder job) {
    assertThat(violations(job)).isEmpty();
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        arguments(
            when("step_1_output.risk >"),
            "config.pipeline[1].when: column 21: step_K_output.NAME, a number or a text in single"
                + " quotes is expected; allowed: comparisons such as"),
        arguments(
            when("step_1_output.risk > 0 and step_2_output.risk > 0"),
            "config.pipeline[1].when: column 28: reads step 2, which does not come before step 2;"
                + " allowed: an earlier step"),
        arguments(
            when("0 < step_999999_output.risk"),
            "config.pipeline[1].when: column 5: reads step 999999, which does not come before"),
        arguments(
            JobSpec.chained()
                .step("A", "toRisk", s -> s.when("step_1_output.risk > 0"))
                .step("B", "ofColumn"),
            "config.pipeline[0].when: column 1: reads step 1, which does not come before step 1"),
        arguments(
            when("all(step_1_output.pair > 0)"),
            "config.pipeline[1].when: column 5: step 1 (Step toBoth) has no output pair; allowed:"
                + " risk, note"),
        arguments(
            when("step_1_output.note > 0"),
            "config.pipeline[1].when: column 1: a number is compared with a text; allowed: two"),
        arguments(
            when("'a' == step_1_output.risk"),
            "config.pipeline[1].when: column 8: a number is compared with a text"),
        arguments(
            when("step_1_output.risk == step_1_output.note"),
            "config.pipeline[1].when: column 1: a number is compared with a text"),
        arguments(
            when("step_1_output.note < step_1_output.note"),
            "config.pipeline[1].when: column 1: texts are compared by <; allowed: == and !="),
        arguments(
            JobSpec.chained()
                .step("A", "toBoth", s -> s.fallback("toRisk"))
                .step("B", "ofColumn", s -> s.when("step_1_output.note == 'x'")),
            "config.pipeline[1].when: column 1: step 1 (A) has no output note; allowed: risk"),
        arguments(
            chain("toPair").block("B", new Unknown()),
            "config.pipeline[1].pattern: has no engine here; allowed: chained, collaborative, comp"),
        arguments(
            chain("toPair").block("B", votes("toRisk", "nope")),
            "config.pipeline[1].config.modelIds[1]: is not a registered model"),
        arguments(
            chain("toPair")
                .block("B", chain("toPair").block("C", votes("nope", "toPair")).build().config()),
            "config.pipeline[1].config.pipeline[1].config.modelIds[0]: is not a registered model"),
        arguments(
            chain("toPair").block("B", onCabinet("plants")),
            "config.pipeline[1].config.nodeId: does not hold the cabinet plants"),
        arguments(
            chain("toPair").block("B", votes("toRisk", "toBoth"), s -> s.from("patients")),
            "config.pipeline[1].inputSource: is a cabinet, which a block names in its config"),
        arguments(
            chain("toPair").block("B", onCabinet("patients"), s -> s.from("client_data")),
            "config.pipeline[1].inputSource: is given, but the block reads no data of the job"),
        arguments(
            chain("toPair")
                .block("B", onCabinet("patients"), s -> s.input("x", "step_1_output.pair")),
            "config.pipeline[1].inputs: are given, but the block reads no data of the job"),
        arguments(
            chain("toBoth")
                .block("B", onCabinet("patients"), s -> s.rows("step_1_output.risk > 0")),
            "config.pipeline[1].rows: is given, but the block reads no data of the job whose rows"),
        arguments(
            chain("toPair").block("B", pooled("toRisk"), s -> s.input("x", "step_1_output.pair")),
            "config.pipeline[1].inputs: are given, but the block reads no data of the job"),
        arguments(
            chain("toPair")
                .block("B", pooled("unknownForm"), s -> s.input("x", "step_1_output.pair")),
            "config.pipeline[1].inputs: are given, but the block reads no data of the job"),
        arguments(
            chain("toPair")
                .block("B", votes("toRisk", "toBoth"))
                .step("C", "toPair", s -> s.input("risk", "step_2_output.label")),
            "config.pipeline[2].inputs.risk: step 2 (B) answers label as BYTES[-1], but step 3"),
        arguments(
            chain("toPair")
                .block("B", votes("toRisk", "toBoth"))
                .step("C", "toRisk", s -> s.from("step_1_output").when("step_2_output.votes > 1")),
            "config.pipeline[2].when: column 1: step 2 (B) has no output votes; allowed: row_ids"),
        arguments(
            routed("toPair", s -> s.rows("step_1_output.risk >").otherwise("pair", 0)),
            "config.pipeline[1].rows: column 21: step_K_output.NAME"),
        arguments(
            routed("toPair", s -> s.rows("step_1_output.nothing > 0").otherwise("pair", 0)),
            "config.pipeline[1].rows: column 1: step 1 (Step toBoth) has no output nothing"),
        arguments(
            routed("toPair", s -> s.rows("step_1_output.risk > 0")),
            "config.pipeline[1].otherwise.pair: is missing, and step 1 (Step toBoth) answers"
                + " nothing of that name and form; allowed: what rows have there that pass the"
                + " step by: a number"),
        arguments(
            routed("toPair", s -> s.rows("step_1_output.risk > 0").otherwise("pair", "x")),
            "config.pipeline[1].otherwise.pair: is no value of FP32; allowed: a number"),
        arguments(
            routed(
                "toPair",
                s -> s.rows("step_1_output.risk > 0").otherwise("pair", "step_1_output.risk")),
            "config.pipeline[1].otherwise.pair: step 1 (Step toBoth) has no output risk of its"
                + " type and form; allowed: an output of rows of FP32"),
        arguments(
            routed(
                "toPair",
                s -> s.rows("step_1_output.risk > 0").otherwise("pair", "step_2_output.pair")),
            "config.pipeline[1].otherwise.pair: reads step 2, which does not come before step 2"),
        arguments(
            routed(
                "toPair",
                s -> s.rows("step_1_output.risk > 0").otherwise("pair", 0).otherwise("x", 0)),
            "config.pipeline[1].otherwise.x: is no output of step 2 (B); allowed: pair"),
        arguments(
            routed(
                "toPair",
                s ->
                    s.rows("step_1_output.risk > 0")
                        .from("patients")
                        .node("n1")
                        .otherwise("pair", 0)),
            "config.pipeline[1].rows: stands beside a cabinet, all of whose rows are read"),
        arguments(
            routed("unknownForm", s -> s.rows("step_1_output.risk > 0")),
            "config.pipeline[1].rows: needs to know the outputs, which a model of the step does"),
        arguments(
            routed("ofOneRow", s -> s.rows("step_1_output.risk > 0")),
            "config.pipeline[1].rows: does not go with the output one, which has no entry for"),
        arguments(
            routed("toOpen", s -> s.rows("step_1_output.risk > 0").otherwise("open", 0)),
            "config.pipeline[1].otherwise.open: cannot be filled: the model leaves open how long"),
        arguments(
            chain("toBoth")
                .action(
                    "B",
                    "book",
                    s -> s.node("n1").rows("step_1_output.risk > 0").otherwise("done", 0)),
            "config.pipeline[1].otherwise: stands beside an action"),
        arguments(
            chain("toBoth")
                .block(
                    "B",
                    chain("toPair", "toRisk").build().config(),
                    s -> s.rows("step_1_output.risk > 0")),
            "config.pipeline[1].rows: does not go with a block of this pattern"),
        arguments(
            chain("toPair")
                .block(
                    "B",
                    votes("toRisk", "toBoth"),
                    s -> s.rows("step_1_output.pair > 0").otherwise("row_ids", "x")),
            "config.pipeline[1].otherwise.row_ids: is no output of step 2 (B); allowed: label,"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.reduce(ReductionSpec.mean())),
            "config.pipeline[1].reduction: stands in a step that works on no rows of a node;"
                + " allowed: a step that reads a cabinet, or on their node rows that stay there"),
        arguments(
            onRows("toRisk", s -> s.reduce(ReductionSpec.of("magic"))),
            "config.pipeline[1].reduction.method: is not a known method; allowed: calib"),
        arguments(
            onRows("toRisk", s -> s.reduce(ReductionSpec.keep())),
            "config.pipeline[1].reduction.method: is not a known method"),
        arguments(
            onRows("toRisk", s -> s.reduce(ReductionSpec.mean().with("x", 1))),
            "config.pipeline[1].reduction.x: is not an option of this method"),
        arguments(
            onRows("toRisk", s -> s.node("n2").reduce(ReductionSpec.mean())),
            "config.pipeline[1].reduction: stands in a step that works on no rows of a node"),
        arguments(chain("toPair", "nope"), "config.pipeline[1].modelId: is not a registered model"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.fallback("nope")),
            "config.pipeline[1].fallbackModelId: is not a registered model"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.node("nope")),
            "config.pipeline[1].nodeId: is not a registered node"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.node("idle")),
            "config.pipeline[1].nodeId: is under maintenance; allowed: a node in service"),
        arguments(
            chain("toPair")
                .action("B", "book", s -> s.node("n1").rollback(undo("unbook", "", "idle"))),
            "config.pipeline[1].rollback.nodeId: is under maintenance"),
        arguments(
            chain("toPair").action("B", "fly", s -> s.node("n1")),
            "config.pipeline[1].nodeId: does not perform the action fly"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.node("n1").from("plants")),
            "config.pipeline[1].nodeId: does not hold the cabinet plants"),
        arguments(
            chain("toPair").action("B", "book", s -> s.node("n1").from("patients")),
            "config.pipeline[1].inputSource: is a cabinet, which an action cannot read"),
        arguments(
            chain("toPair")
                .step(
                    "B",
                    "toRisk",
                    s -> s.node("n1").from("patients").input("pair", "step_1_output.pair")),
            "config.pipeline[1].inputs: stand beside a cabinet"),
        arguments(
            chain("toPair", "ofBoth"),
            "config.pipeline[1].inputSource: step 2 (Step ofBoth) needs risk, note, which step 1"
                + " (Step toPair) does not answer"),
        arguments(
            chain("toRisk", "ofNote"),
            "config.pipeline[1].inputSource: step 1 (Step toRisk) answers risk as FP32[-1], but"
                + " step 2 (Step ofNote) needs note as BYTES[-1]"),
        arguments(
            chain("toPair", "ofWide"),
            "config.pipeline[1].inputSource: step 1 (Step toPair) answers pair as FP32[-1, 2], but"
                + " step 2 (Step ofWide) needs wide as FP32[-1, 3]"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.input("x", "step_1_output.pair")),
            "config.pipeline[1].inputs.x: is no input of the model toRisk; allowed: pair"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.input("pair", "step_1_output.x")),
            "config.pipeline[1].inputs.pair: needs an output x, which step 1 (Step toPair)"),
        arguments(
            chain("toPair").step("B", "ofWide", s -> s.input("wide", "step_1_output.pair")),
            "config.pipeline[1].inputs.wide: step 1 (Step toPair) answers pair as FP32[-1, 2]"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.fallback("ofWide")),
            "config.pipeline[1].inputSource: step 1 (Step toPair) answers pair"),
        arguments(
            JobSpec.chained().step("A", "toRisk", s -> s.fallback("toPair")).step("B", "ofColumn"),
            "config.pipeline[1].inputSource: step 1 (A) answers pair as FP32[-1, 2]"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.rollback(Rollback.action("unbook"))),
            "config.pipeline[1].rollback.nodeId: is missing, and the step names no node either"),
        arguments(
            chain("toPair")
                .step("B", "toRisk", s -> s.node("n2").rollback(Rollback.action("unbook"))),
            "config.pipeline[1].rollback.nodeId: does not perform the action unbook"),
        arguments(
            chain("toPair")
                .step("B", "toRisk", s -> s.node("n1").rollback(undo("unbook", "", "nope"))),
            "config.pipeline[1].rollback.nodeId: is not a registered node"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.node("n1").rollback(undo("", "nope", ""))),
            "config.pipeline[1].rollback.modelId: is not a registered model"),
        arguments(
            chain("toPair").step("B", "toRisk", s -> s.node("n1").rollback(undo("", "ofNote", ""))),
            "config.pipeline[1].rollback.modelId: needs other inputs than what step 2 (B)"),
        arguments(
            chain("toPair", "toRisk")
                .onFailure(new ErrorHandling(OnFailure.FAIL_FAST, 2, 1, Duration.ofSeconds(1))),
            "config.errorHandling.maxRetries: stands beside fail_fast"),
        arguments(
            chain("toPair", "toRisk").onFailure(ErrorHandling.failFast().fromStep(2)),
            "config.errorHandling.retryFromStep: stands beside fail_fast"),
        arguments(
            chain("toPair", "toRisk").onFailure(ErrorHandling.rollbackAndRetry(0).fromStep(2)),
            "config.errorHandling.retryFromStep: stands beside maxRetries 0"));
  }

  @Test
  void validate_pluginsOptionOfAWrongType_isOneOfAllViolations() {
    catalog.plugin(Reduction.class, new Careless());
    ReductionSpec careless = new ReductionSpec(Careless.NAME, Careless.OPTIONS);
    assertThat(
            violations(
                JobSpec.chained()
                    .step("A", "toPair", s -> s.node("n1").from("patients").reduce(careless))
                    .step("B", "unknown", s -> s.from("client_data"))))
        .extracting(Violation::path)
        .containsExactly(
            "config.pipeline[0].reduction.other",
            "config.pipeline[0].reduction.power",
            "config.pipeline[1].modelId");
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_unsoundJob_namesTheFieldAndWhatIsAllowed(ChainedJobBuilder job, String expected) {
    assertThat(violations(job))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.toString()).startsWith(expected);
              assertThat(violation.code()).isEqualTo(ErrorCode.INVALID_JOB);
            });
  }
}
