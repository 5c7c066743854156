package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VotesReductionTest {
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final List<String> NONE = List.of();
  private static final float NAN = Float.NaN;

  private static Tensor floats(int columns, float... values) {
    return columns == 0
        ? Tensor.ofFloats(values)
        : Tensor.ofFloats(values, values.length / columns, columns);
  }

  private static Map<String, Tensor> outputs(Object... namesAndTensors) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      outputs.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
    }
    return outputs;
  }

  static Stream<Arguments> readable() {
    return Stream.of(
        arguments("[n,k]", LABELS, outputs("p", floats(2, .9f, .1f, .2f, .8f)), "benign malignant"),
        arguments("[n,k], equal", LABELS, outputs("p", floats(2, .5f, .5f)), "benign"),
        arguments("logits", LABELS, outputs("p", floats(2, -3, 7, 2, 1)), "malignant benign"),
        arguments("[n,1]", LABELS, outputs("p", floats(1, .49f, .5f)), "benign malignant"),
        arguments("[n]", LABELS, outputs("p", floats(0, .49f, .5f)), "benign malignant"),
        arguments("[n], no labels", NONE, outputs("p", floats(0, .2f, .7f)), "0 1"),
        arguments("[n,3], no labels", NONE, outputs("p", floats(3, .1f, .2f, .7f)), "2"),
        arguments(
            "index", LABELS, outputs("y", Tensor.ofLongs(new long[] {1, 0})), "malignant benign"),
        arguments(
            "index [n,1]",
            LABELS,
            outputs("y", Tensor.ofInts(new int[] {1, 0}, 2, 1)),
            "malignant benign"),
        arguments(
            "truth", LABELS, outputs("y", Tensor.ofBooleans(new boolean[] {true})), "malignant"),
        arguments("digits", NONE, outputs("y", Tensor.ofLongs(new long[] {-7, 12})), "-7 12"),
        arguments(
            "text",
            LABELS,
            outputs("y", Tensor.ofStrings(List.of("malignant", ""))),
            "malignant _"),
        arguments("text, no labels", NONE, outputs("y", Tensor.ofStrings(List.of("cat"))), "cat"),
        arguments(
            "label before scores",
            LABELS,
            outputs("p", floats(2, .9f, .1f), "y", Tensor.ofLongs(new long[] {1})),
            "malignant"),
        arguments("NaN", LABELS, outputs("p", floats(2, NAN, .1f, .3f, .7f)), "_ malignant"),
        arguments("NaN [n]", LABELS, outputs("p", floats(0, NAN, .7f)), "_ malignant"),
        arguments(
            "NaN beside a label",
            LABELS,
            outputs("y", Tensor.ofLongs(new long[] {1, 1}), "p", floats(2, NAN, 1, 0, 1)),
            "_ malignant"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void votes_ofAnyKindOfOutput_followTheDeclaredRule(
      String name, List<String> labels, Map<String, Tensor> outputs, String expected) {
    List<String> votes = List.of(expected.split(" "));
    Partial partial = reduce(labels, ReductionSpec.votes(), votes.size(), outputs);
    assertThat(partial.values().get("labels").strings())
        .isEqualTo(votes.stream().map(vote -> vote.equals("_") ? "" : vote).toList());
    assertThat(partial.values()).containsOnlyKeys("row_ids", "labels");
    assertThat(partial.samples()).isEqualTo(votes.size());
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments(
            LABELS, outputs("y", Tensor.ofLongs(new long[] {2})), "output y: is not the index"),
        arguments(
            LABELS, outputs("y", Tensor.ofLongs(new long[] {-1})), "output y: is not the index"),
        arguments(
            LABELS, outputs("y", Tensor.ofStrings(List.of("cat"))), "output y: names a class"),
        arguments(LABELS, outputs("p", floats(3, 1, 2, 3)), "output p: does not have one score"),
        arguments(LABELS, outputs("p", Tensor.scalar(1.0)), "output p: there is neither"),
        arguments(
            List.of("a", "b", "c"), outputs("p", floats(1, .5f)), "output p: does not have one"),
        arguments(NONE, outputs("p", floats(1, 63.7f)), "output p: is a number a row that is no"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void votes_ofAnUnfitOutput_areRefusedByItsName(
      List<String> labels, Map<String, Tensor> outputs, String message) {
    assertThatThrownBy(() -> reduce(labels, ReductionSpec.votes(), 1, outputs))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(message)
        .hasMessageNotContaining("cat");
  }

  @Test
  void threshold_ofJobModelAndDefault_areHeededInThatOrder() {
    Map<String, Tensor> outputs = outputs("p", floats(1, .3f, .6f, .8f));
    ModelDescriptor plain = FakeCatalog.riskModel("m").withLabels(LABELS);
    ModelDescriptor strict =
        new ModelDescriptor(
            "m",
            plain.artifact(),
            plain.signature(),
            LABELS,
            Optional.of(0.7),
            Optional.empty(),
            true);
    ReductionSpec lenient = ReductionSpec.votes().with("threshold", 0.2);
    assertThat(labels(FakeCatalog.riskModel("m"), lenient, outputs("p", floats(1, -3, .2f, 7))))
        .as("a threshold parts any numbers")
        .containsExactly("0", "1", "1");
    assertThat(labels(plain, ReductionSpec.votes(), outputs))
        .containsExactly("benign", "malignant", "malignant");
    assertThat(labels(strict, ReductionSpec.votes(), outputs))
        .containsExactly("benign", "benign", "malignant");
    assertThat(labels(strict, lenient, outputs))
        .containsExactly("malignant", "malignant", "malignant");
  }

  @Test
  void threshold_whereDeclared_countsForTheSecondOfTwoProbabilities() {
    Map<String, Tensor> outputs = outputs("p", floats(2, .75f, .25f, .5f, .5f, .25f, .75f));
    ModelDescriptor plain = FakeCatalog.riskModel("m").withLabels(LABELS);
    ModelDescriptor strict =
        new ModelDescriptor(
            "m",
            plain.artifact(),
            plain.signature(),
            LABELS,
            Optional.of(0.8),
            Optional.empty(),
            true);
    assertThat(labels(plain, ReductionSpec.votes(), outputs))
        .as("the first of equal ones")
        .containsExactly("benign", "benign", "malignant");
    assertThat(labels(plain, ReductionSpec.votes().with("threshold", 0.5), outputs))
        .containsExactly("benign", "malignant", "malignant");
    assertThat(labels(plain, ReductionSpec.votes().with("threshold", 0.25), outputs))
        .containsExactly("malignant", "malignant", "malignant");
    assertThat(labels(strict, ReductionSpec.votes(), outputs))
        .containsExactly("benign", "benign", "benign");
    assertThat(labels(strict, ReductionSpec.votes().with("threshold", 0.75), outputs))
        .containsExactly("benign", "benign", "malignant");
  }

  @Test
  void threshold_onTwoScoresThatAreNoProbabilities_isRefused() {
    ReductionSpec spec = ReductionSpec.votes().with("threshold", 0.5);
    assertThatThrownBy(() -> reduce(LABELS, spec, 1, outputs("p", floats(2, -3, 7))))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining("output p: is two numbers a row that are no probabilities");
  }

  @Test
  void labels_ofTheJob_nameTheClassesOfAModelThatDeclaresNone() {
    ReductionSpec spec = ReductionSpec.votes().with("labels", List.of("no", "yes"));
    Map<String, Tensor> outputs = outputs("p", floats(1, .3f, .6f, .8f));
    assertThat(labels(FakeCatalog.riskModel("m"), spec, outputs))
        .containsExactly("no", "yes", "yes");
    assertThat(labels(FakeCatalog.riskModel("m").withLabels(LABELS), spec, outputs))
        .containsExactly("benign", "malignant", "malignant");
  }

  @Test
  void probabilities_whenAskedFor_areThereForEachClass() {
    ReductionSpec spec = ReductionSpec.votes().with("probabilities", true);
    Partial partial = reduce(LABELS, spec, 2, outputs("p", floats(1, .25f, NAN)));
    Tensor probabilities = partial.values().get("probabilities");
    assertThat(probabilities.shape()).containsExactly(2, 2);
    assertThat(probabilities.toDoubles())
        .containsExactly(new double[] {.75, .25, 0, 0}, within(1e-9));
  }

  @Test
  void probabilities_ofScoresThatAreNone_areLeftOut() {
    ReductionSpec spec = ReductionSpec.votes().with("probabilities", true);
    assertThat(reduce(LABELS, spec, 1, outputs("p", floats(2, 3, -4))).values())
        .containsOnlyKeys("row_ids", "labels");
    Reducer reducer =
        new VotesReduction().start(FakeCatalog.riskModel("m").withLabels(LABELS), spec);
    reducer.accept(Rows.batch(1), outputs("p", floats(2, .3f, .7f)));
    reducer.accept(Rows.batch(1, 1, Optional.empty()), outputs("p", floats(2, 30, 70)));
    assertThat(reducer.finish().values().get("labels").strings())
        .containsExactly("malignant", "malignant");
    assertThat(reducer.finish().values()).doesNotContainKey("probabilities");
  }

  @Test
  void minConfidence_ofTheJob_makesTheModelAbstainBelowIt() {
    ReductionSpec spec =
        ReductionSpec.votes().with("probabilities", true).with("minConfidence", .7);
    Partial partial = reduce(LABELS, spec, 3, outputs("p", floats(1, .25f, .6f, .9f)));
    assertThat(partial.values().get("labels").strings()).containsExactly("benign", "", "malignant");
    assertThat(partial.values().get("probabilities").toDoubles())
        .containsExactly(new double[] {.75, .25, 0, 0, .1, .9}, within(1e-6));
    Map<String, Tensor> unsureOfItsLabel =
        outputs("y", Tensor.ofLongs(new long[] {0, 1}), "p", floats(2, .1f, .9f, .1f, .9f));
    assertThat(reduce(LABELS, spec, 2, unsureOfItsLabel).values().get("labels").strings())
        .containsExactly("", "malignant");
    assertThatThrownBy(() -> reduce(LABELS, spec, 1, outputs("p", floats(2, 3, -4))))
        .hasMessageContaining("no probabilities of the classes, which minConfidence needs");
  }

  @Test
  void minConfidence_withoutAskingForProbabilities_isAViolation() {
    Violations violations = Violations.none();
    new VotesReduction().validate(Options.of(Map.of("minConfidence", .7)), violations);
    assertThat(violations.list())
        .singleElement()
        .hasToString(
            "minConfidence: is given, but no probabilities are asked for; allowed: left out, or"
                + " probabilities true beside it");
  }

  @Test
  void votes_ofSeveralBatches_standInTheOrderOfTheRows() {
    Reducer reducer =
        new VotesReduction()
            .start(FakeCatalog.riskModel("m").withLabels(LABELS), ReductionSpec.votes());
    reducer.accept(Rows.batch(2), outputs("p", floats(1, 0, 1)));
    reducer.accept(Rows.batch(1, 2, Optional.empty()), outputs("p", floats(1, 1)));
    Partial partial = reducer.finish();
    assertThat(partial.values().get("row_ids").strings()).containsExactly("id0", "id1", "id2");
    assertThat(partial.values().get("labels").strings())
        .containsExactly("benign", "malignant", "malignant");
  }

  @Test
  void none_ofSeveralBatches_keepsTypesAndRows() {
    Reducer reducer = new NoReduction().start(FakeCatalog.riskModel("m"), ReductionSpec.none());
    reducer.accept(
        Rows.batch(2),
        outputs("y", Tensor.ofStrings(List.of("a", "b")), "p", floats(2, 1, 2, 3, 4)));
    reducer.accept(
        Rows.batch(1, 2, Optional.empty()),
        outputs("y", Tensor.ofStrings(List.of("c")), "p", floats(2, 5, 6)));
    Partial partial = reducer.finish();
    assertThat(partial)
        .isEqualTo(
            new Partial(
                outputs(
                    "row_ids", Tensor.ofStrings(List.of("id0", "id1", "id2")),
                    "y", Tensor.ofStrings(List.of("a", "b", "c")),
                    "p", floats(2, 1, 2, 3, 4, 5, 6)),
                3));
  }

  @Test
  void none_outputsWithoutRowsOrWithTheIdsName_areRefused() {
    for (Map<String, Tensor> outputs :
        List.of(outputs("y", Tensor.scalar(1.0)), outputs("row_ids", floats(0, 1)))) {
      assertThatThrownBy(
              () ->
                  Rows.reduce(
                      new NoReduction(),
                      FakeCatalog.riskModel("m"),
                      ReductionSpec.none(),
                      1,
                      outputs))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("output " + outputs.keySet().iterator().next());
    }
  }

  @Test
  void validate_unknownAndWrongOptions_areViolations() {
    Violations violations = Violations.none();
    new VotesReduction()
        .validate(
            Options.of(
                Map.of("threshold", 1.5, "probabilities", "yes", "labels", List.of("one"), "x", 1)),
            violations.at("reduction"));
    assertThat(violations.list())
        .extracting(v -> v.path())
        .containsExactlyInAnyOrder(
            "reduction.threshold", "reduction.probabilities", "reduction.labels", "reduction.x");
  }

  private static List<String> labels(
      ModelDescriptor model, ReductionSpec spec, Map<String, Tensor> outputs) {
    return Rows.reduce(new VotesReduction(), model, spec, 3, outputs)
        .values()
        .get("labels")
        .strings();
  }

  private static Partial reduce(
      List<String> labels, ReductionSpec spec, int rows, Map<String, Tensor> outputs) {
    return Rows.reduce(
        new VotesReduction(), FakeCatalog.riskModel("m").withLabels(labels), spec, rows, outputs);
  }
}
