package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that mean harm are refused with one violation that says the bound. */
class HostileDocumentsTest {

  private static final DimJson JSON = DimJson.standard();

  @Test
  void nesting_upToTheLimit_isReadAndBeyondItRefused() {
    assertThat(JSON.readJob(withOption("[".repeat(60) + "]".repeat(60)))).isNotNull();
    assertThat(violations(withOption("[".repeat(100_000))))
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.path()).startsWith("config.aggregation.x[0][0]");
              assertThat(v.problem()).isEqualTo("is nested too deeply");
              assertThat(v.allowed()).isEqualTo("at most 64 levels");
            });
  }

  @Test
  void document_beyondTheSize_isRefusedInEitherForm() {
    DimJson small = JSON.maxDocument(100);
    String body = withOption("\"" + "x".repeat(100) + "\"");

    for (InvalidJobException refusal :
        List.of(
            catchThrowableOfType(InvalidJobException.class, () -> small.readJob(body)),
            catchThrowableOfType(
                InvalidJobException.class,
                () -> small.readJob(body.getBytes(StandardCharsets.UTF_8))))) {
      assertThat(refusal.violations())
          .singleElement()
          .isEqualTo(violation("", "is too large", "at most 100 bytes"));
    }
  }

  @Test
  void values_beyondTheirNumber_areRefused() {
    String body = withOption("[" + "1,".repeat(2_000_001) + "1]");

    assertThat(violations(body))
        .singleElement()
        .satisfies(v -> assertThat(v.allowed()).isEqualTo("at most 2000000 values"));
  }

  @Test
  void text_beyondItsLength_isRefused() {
    assertThat(violations(withOption("\"" + "x".repeat((8 << 20) + 1) + "\"")))
        .singleElement()
        .isEqualTo(violation("config.aggregation.x", "is too long", "at most 8388608 characters"));
  }

  @Test
  void number_beyondItsLength_isRefused() {
    assertThat(violations(withOption("1".repeat(1_001))))
        .singleElement()
        .isEqualTo(
            violation("config.aggregation.x", "is too long a number", "at most 1000 characters"));
  }

  @Test
  void fieldName_beyondItsLength_isRefusedWithoutRepeatingIt() {
    assertThat(violations("{\"" + "k".repeat(1_000_000) + "\":1}"))
        .singleElement()
        .isEqualTo(violation("", "has a field name that is too long", "at most 1000"));
  }

  @Test
  void mistakes_beyondTheirNumber_areNotAllListed() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      fields.append(",\"f").append(i).append("\":1");
    }

    List<Violation> found =
        violations("{\"pattern\":\"collaborative\",\"config\":{\"modelId\":\"m\"}" + fields + "}");

    assertThat(found).hasSize(1_001);
    assertThat(found.get(1_000).problem()).isEqualTo("has more mistakes than are listed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          NaN       | config.aggregation.x
          Infinity  | config.aggregation.x
          -Infinity | config.aggregation.x
          01        | config.aggregation.x
          +1        | config.aggregation.x
          .5        | config.aggregation.x
          1.        | config.aggregation.x
          'a'       | config.aggregation.x
          tru       | config.aggregation.x
          [1,]      | config.aggregation.x
          {a:1}     | config.aggregation.x
          1 // one  | config.aggregation
          1 /* 1 */ | config.aggregation
          "\\x"     | config.aggregation.x
          """)
  void text_thatIsNearlyJson_isRefusedWhereItEnds(String value, String path) {
    assertThat(violations(withOption(value)))
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.path()).startsWith(path);
              assertThat(v.problem()).startsWith("is not JSON at line 1, column ");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\u0000", "{}{}", "{} x", "[]", "1", "null", "\"x\"", "\ufeff{}"})
  void document_thatIsNoObject_isRefusedOnce(String document) {
    assertThat(violations(document)).singleElement().satisfies(v -> assertThat(v.path()).isEmpty());
  }

  @Test
  void bytes_thatAreNotUtf8_areRefused() {
    byte[] overlong = {'"', (byte) 0xc0, (byte) 0xaf, '"'};
    byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16);

    for (byte[] bytes : List.of(overlong, utf16)) {
      assertThat(catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(bytes)))
          .hasMessage("(document): is not UTF-8; allowed: JSON in UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\\ud83d\""})
  void text_withHalfASurrogatePair_isRefused(String value) {
    assertThat(violations(withOption(value)))
        .singleElement()
        .satisfies(v -> assertThat(v.problem()).isEqualTo("holds half of a surrogate pair"));
  }

  @Test
  void fieldName_withHalfASurrogatePair_isRefused() {
    assertThat(violations(withOption("{\"\ud83d\":1}")))
        .singleElement()
        .satisfies(v -> assertThat(v.problem()).isEqualTo("holds half of a surrogate pair"));
  }

  @Test
  void text_withWholeSurrogatePairs_isReadEscapedOrNot() {
    assertThat(JSON.readJob(withOption("\"\\ud83d\\ude00\"")))
        .isEqualTo(JSON.readJob(withOption("\"😀\"")));
  }

  @Test
  void randomlyDamagedBody_always_isReadOrRefusedAndNothingElse() {
    Random random = new Random(7);
    String body =
        "{\"pattern\":\"chained\",\"config\":{\"pipeline\":[{\"step\":1,\"name\":\"a\","
            + "\"modelId\":\"m\",\"inputs\":{\"x\":\"step_1_output.y\"}},{\"step\":2,\"name\":\"b\","
            + "\"action\":\"m\",\"rollback\":{\"action\":\"u\"},\"timeout\":1.5}]},"
            + "\"inputData\":[{\"name\":\"t\",\"datatype\":\"UINT64\",\"shape\":[2],"
            + "\"data\":[1,\"18446744073709551615\"]}]}";
    String alphabet = "{}[]\",:0123456789.-eE+truefalsn\\u \u0000é";

    for (int i = 0; i < 20_000; i++) {
      StringBuilder damaged = new StringBuilder(body);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.deleteCharAt(at);
          case 1 -> damaged.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> damaged.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
        }
      }
      assertThatCode(
              () -> {
                try {
                  JSON.readJob(damaged.toString());
                } catch (InvalidJobException e) {
                  assertThat(e.violations()).isNotEmpty();
                }
              })
          .as("%s", damaged)
          .doesNotThrowAnyException();
    }
  }

  private static String withOption(String json) {
    return "{\"pattern\":\"collaborative\",\"config\":{\"modelId\":\"m\",\"aggregation\":{\"x\":"
        + json
        + "}}}";
  }

  private static List<Violation> violations(String body) {
    return catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(body)).violations();
  }

  private static Violation violation(String path, String problem, String allowed) {
    return new Violation(path, problem, allowed, ErrorCode.INVALID_JOB);
  }
}
