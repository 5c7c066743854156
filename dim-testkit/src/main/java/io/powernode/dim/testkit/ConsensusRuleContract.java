package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConsensusRule} for labels must do; {@link NumberRuleContract} is for the
 * others. Extend it, and say how to create a rule.
 */
public abstract class ConsensusRuleContract {
  private static final List<String> LABELS = List.of("benign", "malignant", "unclear");
  private static final int ABSTAIN = Ballot.ABSTAIN;
  private static final double REPUTATION = 0.9;
  private static final double TOLERANCE = 1e-9;

  /** For subclasses. */
  protected ConsensusRuleContract() {}

  /** The rule. */
  protected abstract ConsensusRule create();

  /** What a job asks of the rule; nothing but its name unless overridden. */
  protected Consensus consensus() {
    return Consensus.of(create().name());
  }

  @Test
  void name_always_isAnIdentifier() {
    assertThat(Ids.isValid(create().name())).isTrue();
  }

  @Test
  void decidesNumbers_always_saysNo() {
    assertThat(create().decidesNumbers()).isFalse();
  }

  @Test
  void decide_ofRows_keepsTheirOrder() {
    Ballots ballots = randomBallots(200, 5);
    List<Decision> decisions = create().decide(ballots, consensus());
    assertThat(decisions).extracting(Decision::row).isEqualTo(ballots.rows());
    assertThat(decisions).allMatch(d -> d.agreement() >= 0 && d.agreement() <= 1 + TOLERANCE);
    assertThat(decisions).allMatch(d -> d.label().map(LABELS::contains).orElse(true));
  }

  @Test
  void decide_ofNoRows_decidesNothing() {
    assertThat(create().decide(randomBallots(0, 3), consensus())).isEmpty();
  }

  @Test
  void decide_ofAUnanimousRow_reachesItsLabel() {
    for (int label = 0; label < LABELS.size(); label++) {
      Decision decision = decide(label, label, label, label);
      assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
      assertThat(decision.label()).contains(LABELS.get(label));
      assertThat(decision.agreement()).isCloseTo(1, within(TOLERANCE));
    }
  }

  @Test
  void decide_whenOthersAbstain_followsThoseWhoVote() {
    Decision decision = decide(ABSTAIN, 1, ABSTAIN, 1);
    assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
    assertThat(decision.label()).contains("malignant");
    assertThat(decision.agreement()).isCloseTo(1, within(TOLERANCE));
  }

  @Test
  void decide_whenAllAbstain_isAbstained() {
    Decision decision = decide(ABSTAIN, ABSTAIN, ABSTAIN);
    assertThat(decision.status()).isEqualTo(DecisionStatus.ABSTAINED);
    assertThat(decision.label()).isEmpty();
    assertThat(decision.agreement()).isZero();
  }

  @Test
  void decide_ofALargeMajority_isForItIfForAny() {
    Decision decision = decide(1, 1, 0, 1, 1);
    assertThat(decision.label().orElse("malignant")).isEqualTo("malignant");
    assertThat(decision.status()).isIn(DecisionStatus.REACHED, DecisionStatus.BELOW_AGREEMENT);
  }

  @Test
  void decide_ofEqualVotersInAnyOrder_decidesTheSame() {
    Ballots ballots = randomBallots(500, 5);
    List<Decision> expected = create().decide(ballots, consensus());
    List<Ballot> order = new ArrayList<>(ballots.ballots());
    for (int i = 0; i < 5; i++) {
      Collections.rotate(order, 1);
      Collections.swap(order, 0, 2);
      List<Decision> actual =
          create().decide(new Ballots(ballots.rows(), LABELS, order), consensus());
      for (int row = 0; row < expected.size(); row++) {
        assertThat(actual.get(row).label()).isEqualTo(expected.get(row).label());
        assertThat(actual.get(row).status()).isEqualTo(expected.get(row).status());
        assertThat(actual.get(row).agreement())
            .isCloseTo(expected.get(row).agreement(), within(TOLERANCE));
      }
    }
  }

  @Test
  void weights_ofVoters_arePositiveAndOneEach() {
    double[] weights = create().weights(randomBallots(10, 5), consensus());
    assertThat(weights).hasSize(5);
    for (double weight : weights) {
      assertThat(weight).isPositive().isFinite();
    }
  }

  @Test
  void decide_of300000Rows_endsWithinAMinute() {
    Ballots ballots = randomBallots(300_000, 5);
    List<Decision> decisions =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> create().decide(ballots, consensus()));
    assertThat(decisions).hasSize(300_000);
  }

  @Test
  void option_thatIsUnknown_isRefusedByName() {
    Violations violations = Violations.none();
    create().validate(consensus().with("no-such-option", 1), violations);
    assertThat(violations.has("no-such-option")).isTrue();
  }

  @Test
  void consensus_ofTheJob_isAccepted() {
    Violations violations = Violations.none();
    create().validate(consensus(), violations);
    assertThat(violations.list()).isEmpty();
  }

  private Decision decide(int... votes) {
    List<Ballot> ballots =
        IntStream.range(0, votes.length).mapToObj(i -> ballot(i, votes[i])).toList();
    return create().decide(new Ballots(List.of("row"), LABELS, ballots), consensus()).get(0);
  }

  private static Ballots randomBallots(int rows, int models) {
    Random random = new Random(rows);
    List<Ballot> ballots = new ArrayList<>();
    for (int model = 0; model < models; model++) {
      int[] votes = random.ints(rows, ABSTAIN, LABELS.size()).toArray();
      ballots.add(ballot(model, votes));
    }
    List<String> ids = IntStream.range(0, rows).mapToObj(row -> "row-" + row).toList();
    return new Ballots(ids, LABELS, ballots);
  }

  /** Probabilities say the same as the votes, so that rules of either kind decide alike. */
  private static Ballot ballot(int model, int... votes) {
    double[] probabilities = new double[votes.length * LABELS.size()];
    for (int row = 0; row < votes.length; row++) {
      for (int label = 0; label < LABELS.size(); label++) {
        boolean chosen = votes[row] == label;
        double others = votes[row] == ABSTAIN ? 1.0 / 3 : 0.05;
        probabilities[row * LABELS.size() + label] = chosen ? 0.9 : others;
      }
    }
    return new Ballot("model-" + model, REPUTATION, votes, Optional.of(probabilities));
  }
}
