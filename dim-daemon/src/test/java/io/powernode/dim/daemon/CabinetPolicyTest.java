package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CabinetPolicyTest {
  private static final Digest MODEL = Digest.of(new byte[] {1});
  private static final Digest OTHER = Digest.of(new byte[] {2});
  private static final FakeReduction TOTAL = FakeReduction.total();
  private static final FakeReduction ROWS = FakeReduction.rows();

  private static final CabinetPolicy STRICT =
      CabinetPolicy.denyAll()
          .allowModels(MODEL)
          .allowRequesters("alice")
          .allowPurposes("research")
          .allowReductions("total", "rows");

  private static final String FINE = "";

  static Stream<Arguments> cases() {
    Requester alice = new Requester("alice", Optional.of("research"));
    Requester bob = new Requester("bob", Optional.of("research"));
    Requester idle = new Requester("alice", Optional.empty());
    Requester selling = new Requester("alice", Optional.of("selling"));
    CabinetPolicy none = CabinetPolicy.denyAll();
    CabinetPolicy model = none.allowModels(MODEL);
    CabinetPolicy requester = model.allowRequesters("alice");
    CabinetPolicy purpose = requester.allowPurposes("research");
    return Stream.of(
        Arguments.of(STRICT, MODEL, alice, TOTAL, FINE),
        Arguments.of(none, MODEL, alice, TOTAL, "the model is not allowed"),
        Arguments.of(model, MODEL, alice, TOTAL, "the requester is not allowed"),
        Arguments.of(requester, MODEL, alice, TOTAL, "the purpose is not allowed"),
        Arguments.of(purpose, MODEL, alice, TOTAL, "the reduction is not allowed"),
        Arguments.of(STRICT, OTHER, alice, TOTAL, "the model is not allowed"),
        Arguments.of(STRICT, MODEL, bob, TOTAL, "the requester is not allowed"),
        Arguments.of(STRICT, MODEL, idle, TOTAL, "the job states no purpose"),
        Arguments.of(STRICT, MODEL, selling, TOTAL, "the purpose is not allowed"),
        Arguments.of(STRICT, MODEL, alice, ROWS, "answers for single rows are not allowed"),
        Arguments.of(STRICT.allowRowLevel(), MODEL, alice, ROWS, FINE),
        Arguments.of(purpose.allowRowLevel(), MODEL, alice, ROWS, "the reduction is not allowed"),
        Arguments.of(STRICT.allowAnyModel(), OTHER, alice, TOTAL, FINE),
        Arguments.of(STRICT.allowAnyRequester(), MODEL, bob, TOTAL, FINE),
        Arguments.of(STRICT.allowAnyPurpose(), MODEL, idle, TOTAL, FINE),
        Arguments.of(STRICT.allowAnyPurpose(), MODEL, selling, TOTAL, FINE),
        Arguments.of(STRICT.allowModels(OTHER), MODEL, alice, TOTAL, FINE),
        Arguments.of(STRICT.allowRequesters("bob"), MODEL, alice, TOTAL, FINE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void task_underPolicy_isDeniedByItsFirstMissingRule(
      CabinetPolicy policy,
      Digest model,
      Requester requester,
      FakeReduction reduction,
      String rule) {
    Optional<String> denial =
        denial(policy, model, requester, reduction, ReductionSpec.of(reduction.name()));

    assertThat(denial.orElse(FINE)).isEqualTo(rule);
  }

  private static Optional<String> denial(
      CabinetPolicy policy,
      Digest model,
      Requester requester,
      FakeReduction reduction,
      ReductionSpec spec) {
    return policy
        .denial(Optional.of(model), requester)
        .or(() -> policy.denial(new Reducing(reduction, spec)));
  }

  @Test
  void conditions_always_needARuleOfTheirOwn() {
    assertThat(STRICT.conditionDenial()).contains("conditions on rows are not allowed");
    assertThat(STRICT.allowConditions().minimumRows(9).allowAnyModel().conditionDenial()).isEmpty();
    assertThat(STRICT.denial(Optional.empty(), Tasks.ALICE)).as("without a model").isEmpty();
  }

  @Test
  void probabilities_ofSingleRows_needARuleOfTheirOwn() {
    ReductionSpec asking = ReductionSpec.of("rows").with("probabilities", true);
    ReductionSpec modest = ReductionSpec.of("rows").with("probabilities", false);
    CabinetPolicy labels = STRICT.allowRowLevel();
    CabinetPolicy all = STRICT.allowRowProbabilities();

    assertThat(denial(labels, MODEL, Tasks.ALICE, ROWS, asking))
        .contains("probabilities for single rows are not allowed");
    assertThat(denial(labels, MODEL, Tasks.ALICE, ROWS, modest)).isEmpty();
    assertThat(denial(all, MODEL, Tasks.ALICE, ROWS, asking)).isEmpty();
    assertThat(denial(all.allowRowLevel(), MODEL, Tasks.ALICE, ROWS, asking)).isEmpty();
    assertThat(labels.allowRowProbabilities().allowRowLevel())
        .satisfies(p -> assertThat(denial(p, MODEL, Tasks.ALICE, ROWS, asking)).isEmpty());
  }

  @Test
  void rows_belowTheMinimum_areDenied() {
    assertThat(STRICT.denial(CabinetPolicy.DEFAULT_MINIMUM_ROWS)).isEmpty();
    assertThat(STRICT.denial(CabinetPolicy.DEFAULT_MINIMUM_ROWS - 1))
        .contains("fewer rows than the minimum of 5 stand behind the answer");
    assertThat(STRICT.minimumRows(100).denial(99)).isPresent();
    assertThat(STRICT.minimumRows(1).denial(1)).isEmpty();
    assertThat(STRICT.minimumRows(1).denial(0)).isPresent();
  }

  @Test
  void policy_withMeaninglessRules_isRefused() {
    CabinetPolicy policy = CabinetPolicy.denyAll();

    assertThatThrownBy(() -> policy.minimumRows(0))
        .isInstanceOf(DimException.class)
        .hasMessage("minimumRows: is too small; allowed: 1 or more");
    assertThatThrownBy(() -> policy.allowReductions(" "))
        .isInstanceOf(DimException.class)
        .hasMessageStartingWith("reductions: one is blank");
  }
}
