package io.powernode.dim.patterns;

import static io.powernode.dim.api.DecisionStatus.ABSTAINED;
import static io.powernode.dim.api.DecisionStatus.BELOW_AGREEMENT;
import static io.powernode.dim.api.DecisionStatus.REACHED;
import static io.powernode.dim.api.DecisionStatus.TIE;
import static io.powernode.dim.patterns.TestBallots.ballots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VotingRulesTest {
  private static final ConsensusRule MAJORITY = new MajorityVote();
  private static final ConsensusRule WEIGHTED = new WeightedVote();
  private static final ConsensusRule EXPERT = new ExpertReview();

  static Stream<Arguments> rows() {
    Consensus majority = Consensus.majorityVote();
    Consensus first = majority.tie(TieRule.FIRST);
    return Stream.of(
        arguments(majority, "a,a,b", REACHED, "a", 2 / 3.),
        arguments(majority, "a,b,c,b", REACHED, "b", .5),
        arguments(majority, "a,b", TIE, "", .5),
        arguments(majority, "a,b,c", TIE, "", 1 / 3.),
        arguments(majority, "-,-,-", ABSTAINED, "", 0.),
        arguments(majority, "-,c,-", REACHED, "c", 1.),
        arguments(majority, "a,a,-,b", REACHED, "a", 2 / 3.),
        arguments(first, "b,a", REACHED, "a", .5),
        arguments(first, "c,b,b,c,a", REACHED, "b", .4),
        arguments(first.minAgreement(.6), "b,a", BELOW_AGREEMENT, "", .5),
        arguments(majority.tie(TieRule.EXPERT), "b,a", TIE, "", .5),
        arguments(majority.minAgreement(.75), "a,a,a,b", REACHED, "a", .75),
        arguments(majority.minAgreement(.76), "a,a,a,b", BELOW_AGREEMENT, "", .75),
        arguments(majority.minAgreement(2 / 3. + 1e-10), "a,a,b", REACHED, "a", 2 / 3.),
        arguments(majority.minAgreement(1), "a,a,a", REACHED, "a", 1.),
        arguments(majority.minAgreement(.9), "a,b", TIE, "", .5),
        arguments(majority.minAgreement(.1), "-,-", ABSTAINED, "", 0.));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void majorityVote_onARow_decidesByTheDeclaredRules(
      Consensus consensus, String votes, DecisionStatus status, String label, double agreement) {
    Decision decision = MAJORITY.decide(ballots(votes.split(",")), consensus).get(0);
    assertThat(decision.status()).isEqualTo(status);
    assertThat(decision.label().orElse("")).isEqualTo(label);
    assertThat(decision.agreement()).isCloseTo(agreement, within(1e-12));
    assertThat(decision.confidence()).isEmpty();
  }

  @Test
  void weightedVote_byReputationAndGivenWeights_weighsTheVotes() {
    Ballots ballots = ballots(new double[] {.9, .5, .5}, "aab", "bb-", "bab");
    Consensus byReputation = Consensus.weightedVote();
    assertThat(WEIGHTED.weights(ballots, byReputation)).containsExactly(.9, .5, .5);
    List<Decision> decisions = WEIGHTED.decide(ballots, byReputation);
    assertThat(decisions).extracting(d -> d.label().orElse("")).containsExactly("b", "a", "b");
    assertThat(decisions.get(0).agreement()).isCloseTo(1 / 1.9, within(1e-12));
    assertThat(decisions.get(1).agreement()).isCloseTo(1.4 / 1.9, within(1e-12));
    Consensus given = byReputation.weights(Map.of("m0", 3.0));
    assertThat(WEIGHTED.weights(ballots, given)).containsExactly(3, .5, .5);
    assertThat(WEIGHTED.decide(ballots, given).get(0).label()).contains("a");
  }

  @Test
  void weightedVote_weightsThatAddUpOnlyRoughly_stillTie() {
    Ballots ballots = ballots(new double[] {.1, .2, .3}, "a", "a", "b");
    assertThat(WEIGHTED.decide(ballots, Consensus.weightedVote()).get(0).status()).isEqualTo(TIE);
  }

  @Test
  void weightedVote_extremeWeights_neitherOverflowNorVanish() {
    Ballots ballots = ballots(new double[] {0, 0}, "ab", "-b");
    assertThat(WEIGHTED.decide(ballots, Consensus.weightedVote()))
        .extracting(Decision::status)
        .containsExactly(REACHED, REACHED);
    Consensus huge =
        Consensus.weightedVote().weights(Map.of("m0", Double.MAX_VALUE, "m1", Double.MAX_VALUE));
    assertThat(WEIGHTED.decide(ballots("a", "b"), huge).get(0).agreement()).isEqualTo(.5);
    Consensus lone = Consensus.weightedVote().weights(Map.of("m0", Double.MAX_VALUE));
    Decision decision = WEIGHTED.decide(ballots(new double[] {1, 0}, "-", "b"), lone).get(0);
    assertThat(decision.label()).contains("b");
    assertThat(decision.agreement()).isEqualTo(1);
  }

  @Test
  void confidence_ofALabel_isTheWeightedMeanOfThoseWhoVoted() {
    Ballots ballots =
        new Ballots(
            List.of("r0"),
            List.of("a", "b"),
            List.of(
                new Ballot("m0", .9, new int[] {0}, Optional.of(new double[] {.8, .2})),
                new Ballot("m1", .3, new int[] {0}, Optional.of(new double[] {.6, .4})),
                new Ballot("m2", .6, new int[] {0}, Optional.empty()),
                new Ballot("m3", .9, new int[] {Ballot.ABSTAIN}, Optional.of(new double[2]))));
    assertThat(WEIGHTED.decide(ballots, Consensus.weightedVote()).get(0).confidence().orElseThrow())
        .isCloseTo((.9 * .8 + .3 * .6) / 1.2, within(1e-12));
  }

  @Test
  void expertReview_rowsBelowAgreementTiedOrAbstained_needReview() {
    Consensus consensus = Consensus.expertReview().minAgreement(.75);
    List<Decision> decisions = EXPERT.decide(ballots("aab-", "aaa-", "aba-", "abb-"), consensus);
    assertThat(decisions)
        .extracting(Decision::status)
        .containsExactly(REACHED, TIE, TIE, ABSTAINED);
    assertThat(decisions)
        .extracting(d -> EXPERT.needsReview(d, consensus))
        .containsExactly(false, true, true, true);
    assertThat(
            EXPERT.decide(ballots("a", "b"), consensus.weights(Map.of("m0", 2.0)).minAgreement(.6)))
        .extracting(Decision::status)
        .containsExactly(REACHED);
    assertThat(MAJORITY.needsReview(decisions.get(1), consensus)).isFalse();
  }

  static Stream<Arguments> unheeded() {
    Consensus timed =
        Consensus.majorityVote().review(Duration.ofMinutes(1), ReviewTimeoutRule.UNRESOLVED);
    return Stream.of(
        arguments(MAJORITY, Consensus.majorityVote(), ""),
        arguments(MAJORITY, Consensus.majorityVote().weights(Map.of("m0", 1.0)), "weights"),
        arguments(MAJORITY, timed, "reviewTimeout"),
        arguments(MAJORITY, timed.tie(TieRule.EXPERT), ""),
        arguments(WEIGHTED, Consensus.weightedVote().weights(Map.of("m0", 1.0)), ""),
        arguments(EXPERT, Consensus.expertReview(), "minAgreement"),
        arguments(
            EXPERT,
            Consensus.expertReview()
                .minAgreement(.5)
                .review(Duration.ofMinutes(1), ReviewTimeoutRule.FAIL),
            ""));
  }

  @ParameterizedTest
  @MethodSource("unheeded")
  void validate_fieldThatTheRuleCannotHeed_isAViolation(
      ConsensusRule rule, Consensus consensus, String field) {
    Violations violations = Violations.none();
    rule.validate(consensus, violations);
    assertThat(violations.list())
        .extracting(Violation::path)
        .isEqualTo(field.isEmpty() ? List.of() : List.of(field));
  }
}
