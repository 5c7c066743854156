package io.powernode.dim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests, identifiers, time ranges and errors. */
class ValuesTest {

  /** The answer for "abc" is that of FIPS 180-4's example. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void digest_ofTheStandardsExample_isTheStandardsAnswer() throws IOException {
    byte[] abc = "abc".getBytes(StandardCharsets.UTF_8);
    ByteBuffer part = ByteBuffer.wrap("xabc".getBytes(StandardCharsets.UTF_8)).position(1);

    assertThat(Digest.of(abc)).hasToString("sha256:" + ABC);
    assertThat(Digest.of(part)).isEqualTo(Digest.of(abc));
    assertThat(part.position()).isEqualTo(1);
    assertThat(Digest.of(new ByteArrayInputStream(abc)).hex()).isEqualTo(ABC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ABC, "sha256:" + ABC + "0", "SHA256:" + ABC, "sha256:xyz"})
  void digest_inAnotherForm_isRefused(String text) {
    assertThat(Digest.isValid(text)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Digest(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a        | true
          node-001 | true
          A.b_c:d-9 | true
          ~~       | false
          -a       | false
          .a       | false
          a..b     | false
          a/b      | false
          a b      | false
          ä        | false
          ~a
          ~        | false
          """)
  void identifier_always_leavesNoWayToSpellAPath(String id, boolean valid) {
    assertThat(Ids.isValid(id)).isEqualTo(valid);
  }

  @Test
  void identifier_atItsLongest_isLegalAndNoLonger() {
    assertThat(Ids.require("node id", "a".repeat(128))).hasSize(128);
    assertThatThrownBy(() -> Ids.require("node id", "a".repeat(129)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageStartingWith("node id: is not an identifier");
  }

  @Test
  void timeRange_readAndWritten_isTheSameText() {
    TimeRange range = TimeRange.parse("2024-01-01/2024-12-31");

    assertThat(range).hasToString("2024-01-01/2024-12-31");
    assertThat(range.contains(LocalDate.of(2024, 1, 1))).isTrue();
    assertThat(range.contains(LocalDate.of(2024, 12, 31))).isTrue();
    assertThat(range.contains(LocalDate.of(2023, 12, 31))).isFalse();
    assertThat(range.contains(LocalDate.of(2025, 1, 1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "2024-01-01", "2024-01-01/", "2024-13-01/2024-12-31", "a/b/c"})
  void timeRange_inAnotherForm_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeRange.parse(text))
        .withMessageContaining("YYYY-MM-DD/YYYY-MM-DD");
  }

  @Test
  void subjects_ofAnError_keepTheirOrderAndTheFirstOfAKind() {
    ErrorInfo error =
        ErrorInfo.of(ErrorCode.NODE_LOST, "gone")
            .about("task", "t")
            .about("node", "n")
            .about("job", "j")
            .about("node", "other");

    assertThat(error.subject())
        .containsExactly(Map.entry("task", "t"), Map.entry("node", "n"), Map.entry("job", "j"));
    assertThat(error.retryable()).isTrue();
  }

  @Test
  void weights_ofAJob_keepTheirOrderAndCannotBeChanged() {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String model : new String[] {"z", "y", "x", "a", "b", "c"}) {
      weights.put(model, 1.0);
    }
    Consensus consensus = Consensus.weightedVote().weights(weights);
    weights.clear();

    assertThat(consensus.weights().keySet()).containsExactly("z", "y", "x", "a", "b", "c");
    assertThatThrownBy(() -> consensus.weights().put("d", 1.0))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 3, 33", "3, 3, 100", "5, 3, 100", "2000000000, 2147483647, 93"})
  void percentComplete_always_isAWholeShare(int done, int total, int expected) {
    assertThat(new Progress(done, total).percentComplete()).isEqualTo(expected);
  }
}
