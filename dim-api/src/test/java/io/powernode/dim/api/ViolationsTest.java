package io.powernode.dim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViolationsTest {

  @Test
  void violations_foundAnywhere_areCollectedWithTheirPaths() {
    Violations root = Violations.none();
    root.add("", "is wrong", "right");
    root.at("config").add("modelId", "is wrong", "right");
    root.at("config").at("pipeline").at(1).add("timeout", "is wrong", "right");
    root.at("config").at("nodes").at(0).add("", "is wrong", "right");
    root.require(true, "never", "is wrong", "right");
    root.require(false, "once", "is wrong", "right");
    root.requireId("a b", "id");
    root.unsupported("option", "is not built", "leave it out");

    assertThat(root.at("elsewhere").list())
        .extracting(Violation::path)
        .containsExactly(
            "",
            "config.modelId",
            "config.pipeline[1].timeout",
            "config.nodes[0]",
            "once",
            "id",
            "option");
  }

  @Test
  void has_always_looksAtTheFieldAndBelow() {
    Violations root = Violations.none();
    assertThat(root.has("")).isFalse();
    root.at("config").at("nodes").at(0).add("id", "is wrong", "right");
    root.add("weights.a", "is wrong", "right");

    assertThat(root.has("")).isTrue();
    assertThat(root.has("config")).isTrue();
    assertThat(root.at("config").has("nodes")).isTrue();
    assertThat(root.has("weights")).isTrue();
    assertThat(root.has("conf")).isFalse();
    assertThat(root.at("config").has("weights")).isFalse();
  }

  @Test
  void throwIfAny_withViolations_throwsThemAll() {
    Violations violations = Violations.none();
    assertThatCode(violations::throwIfAny).doesNotThrowAnyException();
    violations.add("", "is wrong", "right");
    violations.add("b", "is bad", "good");

    InvalidJobException thrown =
        catchThrowableOfType(InvalidJobException.class, violations::throwIfAny);

    assertThat(thrown.violations()).isEqualTo(violations.list());
    assertThat(thrown).hasMessage("(document): is wrong; allowed: right\nb: is bad; allowed: good");
    assertThat(thrown.code()).isEqualTo(ErrorCode.INVALID_JOB);
    assertThat(thrown.retryable()).isFalse();
  }

  @Test
  void code_ofUnsupportedOptionsAlone_isTheirOwn() {
    Violations violations = Violations.none();
    violations.unsupported("a", "is not built", "leave it out");
    assertThat(new InvalidJobException(violations.list()).code())
        .isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
    violations.add("b", "is wrong", "right");
    assertThat(new InvalidJobException(violations.list()).code()).isEqualTo(ErrorCode.INVALID_JOB);
  }

  @Test
  void exception_withoutViolations_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new InvalidJobException(List.of()));
  }
}
