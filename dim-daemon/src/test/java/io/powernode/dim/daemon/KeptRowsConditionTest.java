package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskInput.Kept;
import io.powernode.dim.spi.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions on rows that stay, and rows that they divide. */
class KeptRowsConditionTest extends KeptRowsFixture {
  @ParameterizedTest
  @CsvSource({
    // threshold, total of all, through
    "30, 2275, 5",
    "50, 4198, 3",
    "0, 308, 7",
    "80, 7000, 0"
  })
  void dividedRows_goThroughTheModelOrPassItBy(int threshold, double total, int through) {
    PowerNode node = node(OPEN.allowConditions().minimumRows(2));
    String first = kept(node);

    TaskResult.Success answer = Tasks.success(node, total(above(threshold, first)));

    assertThat(total(answer)).isEqualTo(total);
    assertThat(answer.rows().flatMap(NodeRows::routed)).contains(new RoutedRows(through, 7));
    String second = kept(node, task(above(threshold, first), ReductionSpec.keep()));
    assertThat(total(Tasks.success(node, total(all(second))))).isEqualTo(total);
  }

  @Test
  void dividedRows_thatPassBy_mayHaveWhatWasKept() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(1));
    String first = kept(node);
    String filled = kept(node, task(above(30, first), ReductionSpec.keep()));
    Division passing =
        new Division(
            new Condition("threshold", "60"),
            Map.of("x", score(first)),
            Map.of("score", score(filled)),
            Map.of());

    assertThat(
            total(
                Tasks.success(
                    node, total(new Kept(Map.of("features", score(first)), Optional.of(passing))))))
        .isEqualTo(2275);
  }

  @Test
  void fewRowsOnOneSide_mayStayButNothingOfThemLeaves() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(3));
    String first = kept(node);

    for (int threshold : List.of(60, 20)) {
      TaskResult.Success divided =
          Tasks.success(node, task(above(threshold, first), ReductionSpec.keep()));
      assertThat(divided.rows().flatMap(NodeRows::routed)).as("how many").isEmpty();
      assertDenied(
          node,
          total(all(divided.handle().orElseThrow())),
          "fewer rows than the minimum of 3 stand behind the answer");
      assertDenied(
          node,
          total(above(threshold, first)),
          "fewer rows than the minimum of 3 stand behind the answer");
    }
  }

  @Test
  void rowsDividedTwice_areJudgedByTheSmallestGroupOfBoth() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(3));
    String first = kept(node);
    String above30 = kept(node, task(above(30, first), ReductionSpec.keep()));
    assertThat(Tasks.run(node, total(above(50, first))))
        .as("2 and 5 rows, 3 and 4 rows")
        .isInstanceOf(TaskResult.Success.class);
    Division both =
        new Division(new Condition("threshold", "50"), Map.of("x", score(first)), Map.of(), FILL);

    assertDenied(
        node,
        total(new Kept(Map.of("features", score(above30)), Optional.of(both))),
        "fewer rows than the minimum of 3 stand behind the answer");
  }

  @Test
  void conditions_withoutTheirPermission_areDenied() {
    PowerNode node = node(OPEN);
    String handle = kept(node);

    assertDenied(node, total(above(50, handle)), "conditions on rows are not allowed");
    assertDenied(node, test("50", handle), "conditions on rows are not allowed");
  }

  private TaskEnvelope test(String threshold, String handle) {
    return task(
        new TaskEnvelope.Work.Test(new Condition("threshold", threshold)),
        new Kept(Map.of("x", score(handle)), Optional.empty()),
        Optional.empty());
  }

  @Test
  void condition_onRowsThatStay_tellsWhetherItHolds() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);

    for (int threshold : List.of(70, 77)) {
      TaskResult.Success answer = Tasks.success(node, test(String.valueOf(threshold), handle));
      assertThat(answer.outputs())
          .containsExactly(
              Map.entry(Task.HOLDS, Tensor.ofBooleans(new boolean[] {threshold < 77})));
      assertThat(answer.samples()).isEqualTo(7);
    }
  }

  @Test
  void condition_onFewRows_isDenied() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(4));
    String handle = kept(node, task(above(50, kept(node)), ReductionSpec.keep()));

    assertDenied(
        node, test("70", handle), "fewer rows than the minimum of 4 stand behind the answer");
  }

  @Test
  void condition_inALanguageThatTheNodeDoesNotKnow_isRefused() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);
    Condition klingon = new Condition("klingon", "50");
    Division division = new Division(klingon, Map.of("x", score(handle)), Map.of(), FILL);

    for (TaskEnvelope task :
        List.of(
            total(divided(handle, division)),
            task(
                new TaskEnvelope.Work.Test(klingon),
                new Kept(Map.of("x", score(handle)), Optional.empty()),
                Optional.empty()))) {
      ErrorInfo error = Tasks.error(node, task);
      assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
      assertThat(error.message())
          .isEqualTo("condition: the node does not know its language; allowed: [threshold]");
    }
  }

  @Test
  void passingValues_ofAnotherForm_failNamingTypesOnly() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);
    Division texts =
        new Division(
            new Condition("threshold", "50"),
            Map.of("x", score(handle)),
            Map.of(),
            Map.of("score", Tensor.ofStrings(List.of("no"), 1, 1)));

    assertThat(Tasks.error(node, total(divided(handle, texts))).message())
        .isEqualTo("output score: is FP32[-1, 1], and BYTES[1, 1] for rows that pass the step by");
    Division nothing =
        new Division(
            new Condition("threshold", "50"), Map.of("x", score(handle)), Map.of(), Map.of());
    assertThat(Tasks.error(node, total(divided(handle, nothing))).message())
        .isEqualTo("output score: rows that pass the step by have nothing there");
  }
}
