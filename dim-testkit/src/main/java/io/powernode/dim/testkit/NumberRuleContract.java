package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConsensusRule} for regressions must do; {@link ConsensusRuleContract} is for
 * the others. Extend it, and say how to create a rule.
 */
public abstract class NumberRuleContract {
  private static final double REPUTATION = 0.9;
  private static final double TOLERANCE = 1e-9;
  private static final double NONE = Double.NaN;

  /** For subclasses. */
  protected NumberRuleContract() {}

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
  void decidesNumbers_always_saysSo() {
    assertThat(create().decidesNumbers()).isTrue();
  }

  @Test
  void decide_ofRows_keepsTheirOrderAndStaysAmongTheNumbers() {
    Ballots ballots = randomBallots(200, 5);
    List<Decision> decisions = create().decide(ballots, consensus());
    assertThat(decisions).extracting(Decision::row).isEqualTo(ballots.rows());
    assertThat(decisions).allMatch(d -> d.agreement() >= 0 && d.agreement() <= 1 + TOLERANCE);
    assertThat(decisions).allMatch(d -> d.label().isEmpty());
    assertThat(decisions).allMatch(d -> d.value().map(v -> Math.abs(v) <= 1).orElse(true));
  }

  @Test
  void decide_ofNoRows_decidesNothing() {
    assertThat(create().decide(randomBallots(0, 3), consensus())).isEmpty();
  }

  @Test
  void decide_ofEqualNumbers_reachesThem() {
    for (double number : new double[] {0, -2.5, 1e9}) {
      Decision decision = decide(number, number, number);
      assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
      assertThat(decision.value().orElseThrow()).isCloseTo(number, within(1e-6));
      assertThat(decision.agreement()).isCloseTo(1, within(TOLERANCE));
    }
  }

  @Test
  void decide_whenOthersAbstain_followsThoseWhoDoNot() {
    Decision decision = decide(NONE, 3, NONE, 3);
    assertThat(decision.status()).isEqualTo(DecisionStatus.REACHED);
    assertThat(decision.value().orElseThrow()).isCloseTo(3, within(TOLERANCE));
    assertThat(decision.agreement()).isCloseTo(1, within(TOLERANCE));
  }

  @Test
  void decide_whenAllAbstain_isAbstained() {
    Decision decision = decide(NONE, NONE);
    assertThat(decision.status()).isEqualTo(DecisionStatus.ABSTAINED);
    assertThat(decision.value()).isEmpty();
    assertThat(decision.agreement()).isZero();
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
          create().decide(new Ballots(ballots.rows(), List.of(), order), consensus());
      for (int row = 0; row < expected.size(); row++) {
        Decision wanted = expected.get(row);
        assertThat(actual.get(row).status()).isEqualTo(wanted.status());
        assertThat(actual.get(row).value().isPresent()).isEqualTo(wanted.value().isPresent());
        assertThat(actual.get(row).value().orElse(0.0))
            .isCloseTo(wanted.value().orElse(0.0), within(TOLERANCE));
        assertThat(actual.get(row).agreement()).isCloseTo(wanted.agreement(), within(TOLERANCE));
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

  private Decision decide(double... numbers) {
    List<Ballot> ballots =
        IntStream.range(0, numbers.length).mapToObj(i -> ballot(i, numbers[i])).toList();
    return create().decide(new Ballots(List.of("row"), List.of(), ballots), consensus()).get(0);
  }

  /** Every fifth number is missing; the others are between -1 and 1. */
  private static Ballots randomBallots(int rows, int models) {
    Random random = new Random(rows);
    List<Ballot> ballots = new ArrayList<>();
    for (int model = 0; model < models; model++) {
      double[] numbers =
          random.doubles(rows, -1, 1).map(x -> random.nextInt(5) == 0 ? NONE : x).toArray();
      ballots.add(ballot(model, numbers));
    }
    List<String> ids = IntStream.range(0, rows).mapToObj(row -> "row-" + row).toList();
    return new Ballots(ids, List.of(), ballots);
  }

  private static Ballot ballot(int model, double... numbers) {
    return Ballot.ofNumbers("model-" + model, REPUTATION, numbers);
  }
}
