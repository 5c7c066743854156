package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionEvaluationTest {
  private static final Map<String, Tensor> TENSORS =
      Map.of(
          "half", Tensor.ofFloats(new float[] {0.5f}, 1, 1),
          "two", Tensor.scalar(2L),
          "yes", Tensor.ofBooleans(new boolean[] {true}),
          "nan", Tensor.scalar(Double.NaN),
          "rows", Tensor.ofDoubles(new double[] {1, 2, Double.NaN}, 3, 1),
          "more", Tensor.ofInts(new int[] {3, 2, 1}),
          "none", Tensor.ofDoubles(new double[0], 0, 1),
          "pair", Tensor.ofLongs(new long[] {1, 2}),
          "word", Tensor.ofStrings(List.of("icu")),
          "words", Tensor.ofStrings(List.of("icu", "ward", "größe")));

  private static boolean holds(String condition) {
    String text = condition.replaceAll("\\$", "step_1_output.");
    return new ConditionEvaluation(output -> Lookup.in(TENSORS, output.name()))
        .holds(ConditionTree.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          $half >= 0.5                        | true
          $half > 0.5                         | false
          $half <= 0.5                        | true
          $half < 0.5                         | false
          $half == 0.5                        | true
          $half != 0.5                        | false
          0.25 < $half                        | true
          $two == 2                           | true
          $two > $half                        | true
          $yes == 1                           | true
          $nan == $nan                        | false
          $nan < 1                            | false
          $nan <= 1                           | false
          $nan > 1                            | false
          $nan >= 1                           | false
          $nan != $nan                        | true
          not $nan < 1                        | true
          $two > 1 and $half > 1              | false
          $two > 1 or $half > 1               | true
          not $two > 1                        | false
          not ($two > 1 and $half > 1)        | true
          any($rows >= 2)                     | true
          any($rows > 2)                      | false
          all($rows >= 1)                     | false
          all($more >= 1)                     | true
          all($more > 1)                      | false
          any($rows > 1 and $more < 3)        | true
          any($rows > 1 and $more > 2)        | false
          any($rows > 1) and any($more > 2)   | true
          any($rows == $more)                 | true
          any($more == $two)                  | true
          all($more > $half)                  | true
          not any($more > 5)                  | true
          any(not $more > 1)                  | true
          any($none == 0)                     | false
          all($none == 0)                     | true
          all($none == $two)                  | true
          any($two == 2)                      | true
          $word == 'icu'                      | true
          $word == 'ICU'                      | false
          'icu' != $word                      | false
          any($words == 'größe')              | true
          all($words == $word)                | false
          any($words == $word and $more == 3) | true
          any($words == $word and $more == 2) | false
          """)
  void holds_condition_isWhatItsValuesSay(String condition, boolean expected) {
    assertThat(holds(condition)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          $rows > 1                          | step_1_output.rows has 3 elements; a comparison outside any(…) and all(…) needs exactly one
          $none > 1                          | step_1_output.none has 0 elements; a comparison outside
          $words == 'icu'                    | step_1_output.words has 3 elements; a comparison outside
          any($rows > $pair)                 | step_1_output.rows has 3 elements, and step_1_output.pair beside it has 2
          all($none > 0 or $pair > 0)        | step_1_output.none has 0 elements, and step_1_output.pair beside it has 2
          $word > 1                          | a number is compared with a text by >
          $two == 'icu'                      | a number is compared with a text by ==
          any($words != $more)               | a number is compared with a text by !=
          $word < $word                      | texts are compared by <, not == or !=
          $two == 2 or $rows > 1             | step_1_output.rows has 3 elements
          """)
  void holds_tensorThatDoesNotFit_isInvalidDataAndNamed(String condition, String problem) {
    assertThatThrownBy(() -> holds(condition))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining("the condition does not fit: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          $rows >= 2                          | {1}
          not $rows >= 2                      | {0, 2}
          $rows < $more                       | {0}
          $more > $two                        | {0}
          $words != 'ward'                    | {0, 2}
          $more > 1 and any($more == 1)       | {0, 1}
          $more > 1 and any($pair == 3)       | {}
          $two == 2                           | {0, 1, 2}
          """)
  void rows_ofAConditionThatFits_areThoseForWhichItHolds(String condition, String rows) {
    assertThat(rows(condition, 3)).hasToString(rows);
  }

  @ParameterizedTest
  @CsvSource({"$pair > 1, 3", "$rows > 1, 2", "$none > 1, 3"})
  void rows_ofOtherRows_areRefused(String condition, int rows) {
    assertThatThrownBy(() -> rows(condition, rows))
        .hasMessageContaining("of " + rows + " rows a comparison needs one, or one for each");
  }

  private static BitSet rows(String condition, int rows) {
    String text = condition.replaceAll("\\$", "step_1_output.");
    return new ConditionEvaluation(output -> Lookup.in(TENSORS, output.name()))
        .rows(ConditionTree.parse(text), rows);
  }
}
