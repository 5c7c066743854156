package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionParserTest {
  private static final String A = "step_1_output.a > 0";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          step_1_output.a >= 0.5                                | {1.a >= 0.5}
          step_1_output.a<0                                     | {1.a < 0.0}
          -1.5e-3 != step_12_output.a                           | {-0.0015 != 12.a}
          .5 <= step_1_output.a                                 | {0.5 <= 1.a}
          step_1_output.a == step_2_output.b                    | {1.a == 2.b}
          step_1_output.note == 'it''s'                         | {1.note == "it's"}
          step_1_output.note == ''                              | {1.note == ""}
          step_1_output.out/Soft-max_1:0.x > 1                  | {1.out/Soft-max_1:0.x > 1.0}
          step_1_output.größe > 1                               | {1.größe > 1.0}
          step_1_output.'odd > ''name' > 1                      | {1.odd > 'name > 1.0}
          step_1_output.a > 1 and step_1_output.b > 2 or step_1_output.c > 3  | (or (and {1.a > 1.0} {1.b > 2.0}) {1.c > 3.0})
          step_1_output.a > 1 or step_1_output.b > 2 and step_1_output.c > 3  | (or {1.a > 1.0} (and {1.b > 2.0} {1.c > 3.0}))
          (step_1_output.a > 1 or step_1_output.b > 2)and(step_1_output.c>3)  | (and (or {1.a > 1.0} {1.b > 2.0}) {1.c > 3.0})
          not step_1_output.a > 1 and step_1_output.b > 2       | (and (not {1.a > 1.0}) {1.b > 2.0})
          not not(step_1_output.a > 1)                          | (not (not {1.a > 1.0}))
          any(step_2_output.u >= 0.5) and not step_1_output.f == 0 | (and (any {2.u >= 0.5}) (not {1.f == 0.0}))
          all ( step_1_output.a > 1 and not step_1_output.b > 2 ) | (all (and {1.a > 1.0} (not {1.b > 2.0})))
          """)
  void parse_condition_isReadInTheUsualOrderOfOperators(String text, String expected) {
    assertThat(render(ConditionTree.parse(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          and                                    | 1  | step_K_output.NAME, a number or a text in single quotes is expected
          x > 1                                  | 1  | step_K_output.NAME
          client_data.a > 1                      | 1  | step_K_output.NAME
          step_0_output.a > 1                    | 1  | step_K_output.NAME
          step_1_output > 1                      | 1  | step_K_output.NAME
          step_1_output. > 1                     | 1  | step_K_output.NAME
          step_1_output.'' > 1                   | 1  | step_K_output.NAME
          step_1234567_output.a > 1              | 1  | step_K_output.NAME
          step_1_output.a                        | 16 | one of <, <=, >, >=, == and != is expected
          step_1_output.a = 1                    | 17 | one of <, <=
          step_1_output.a => 1                   | 17 | one of <, <=
          step_1_output.a >                      | 18 | step_K_output.NAME
          step_1_output.a > "b"                  | 19 | step_K_output.NAME
          step_1_output.a > NaN                  | 19 | step_K_output.NAME
          step_1_output.a == 'b                  | 20 | step_K_output.NAME
          step_1_output.a > 1e999                | 19 | the number is too large
          step_1_output.a > 1 && 2 > 1           | 21 | and, or, or the end is expected
          step_1_output.a > 1 AND 2 > 1          | 21 | and, or, or the end
          step_1_output.a > 1)                   | 20 | and, or, or the end
          0 < step_1_output.a < 1                | 21 | and, or, or the end
          (step_1_output.a > 1                   | 21 | ) is expected
          any step_1_output.a > 1                | 5  | ( is expected
          not                                    | 4  | step_K_output.NAME
          step_1_output.a > 1 or                 | 23 | step_K_output.NAME
          step_1_output.a > 1 or 1 < 2           | 24 | the comparison reads no output
          step_1_output.a <= 'b'                 | 17 | texts are compared with == and != only
          any(all(step_1_output.a > 1))          | 5  | any and all cannot stand inside each other
          """)
  void parse_mistake_isNamedWithItsColumn(String text, int column, String problem) {
    assertThatThrownBy(() -> ConditionTree.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("column " + column + ": " + problem);
  }

  @Test
  void parse_deepNesting_isBounded() {
    assertThat(ConditionTree.parse("(".repeat(31) + A + ")".repeat(31)).outputs()).hasSize(1);
    assertThatThrownBy(() -> ConditionTree.parse("(".repeat(32) + A + ")".repeat(32)))
        .hasMessage("column 33: is nested more than 32 deep");
    assertThatThrownBy(() -> ConditionTree.parse("not ".repeat(200) + A))
        .hasMessage("column 129: is nested more than 32 deep");
  }

  @Test
  void parse_longRowOfParts_isNotDeep() {
    assertThat(ConditionTree.parse(A + (" or " + A).repeat(39)).outputs()).hasSize(40);
  }

  private static String render(ConditionTree condition) {
    if (condition instanceof ConditionTree.Or or) {
      return render("or", or.parts());
    }
    if (condition instanceof ConditionTree.And and) {
      return render("and", and.parts());
    }
    if (condition instanceof ConditionTree.Not not) {
      return render("not", List.of(not.part()));
    }
    if (condition instanceof ConditionTree.AnyRow any) {
      return render("any", List.of(any.part()));
    }
    if (condition instanceof ConditionTree.AllRows all) {
      return render("all", List.of(all.part()));
    }
    ConditionTree.Comparison c = (ConditionTree.Comparison) condition;
    return "{%s %s %s}".formatted(render(c.left()), c.operator().sign(), render(c.right()));
  }

  private static String render(String word, List<ConditionTree> parts) {
    return parts.stream()
        .map(ConditionParserTest::render)
        .collect(Collectors.joining(" ", "(" + word + " ", ")"));
  }

  private static String render(ConditionTree.Operand operand) {
    if (operand instanceof ConditionTree.Output output) {
      return output.step() + "." + output.name();
    }
    return operand instanceof ConditionTree.Text text
        ? '"' + text.value() + '"'
        : String.valueOf(((ConditionTree.Numeral) operand).value());
  }
}
