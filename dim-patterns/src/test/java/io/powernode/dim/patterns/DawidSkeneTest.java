package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.TestBallots.ballots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class DawidSkeneTest {
  private static final DawidSkene RULE = new DawidSkene();
  private static final Consensus CONSENSUS = Consensus.dawidSkene();

  /** Models that are right with the given probabilities, on rows that are a or b at random. */
  private static Ballots noisy(int rows, boolean[] truths, double... accuracies) {
    Random random = new Random(7);
    for (int row = 0; row < rows; row++) {
      truths[row] = random.nextInt(10) < 7;
    }
    List<Ballot> ballots = new ArrayList<>();
    for (double accuracy : accuracies) {
      int[] votes =
          IntStream.range(0, rows)
              .map(row -> truths[row] == random.nextDouble() < accuracy ? 0 : 1)
              .toArray();
      ballots.add(new Ballot("m" + ballots.size(), 1, votes, Optional.empty()));
    }
    return new Ballots(
        IntStream.range(0, rows).mapToObj(row -> "r" + row).toList(), List.of("a", "b"), ballots);
  }

  private static long right(List<Decision> decisions, boolean[] truths) {
    return IntStream.range(0, truths.length)
        .filter(row -> decisions.get(row).label().equals(Optional.of(truths[row] ? "a" : "b")))
        .count();
  }

  @Test
  void decide_oneGoodModelAmongPoorOnes_isRightMoreOftenThanTheMajority() {
    boolean[] truths = new boolean[5_000];
    Ballots ballots = noisy(truths.length, truths, .95, .6, .6, .6, .6);
    long byMajority = right(new MajorityVote().decide(ballots, Consensus.majorityVote()), truths);
    long byEstimate = right(RULE.decide(ballots, CONSENSUS), truths);
    assertThat(byEstimate).isGreaterThan(byMajority + 500).isGreaterThan(4_600);
  }

  @Test
  void weights_ofManyRows_areTheModelsAccuracies() {
    boolean[] truths = new boolean[20_000];
    Ballots ballots = noisy(truths.length, truths, .9, .8, .7);
    assertThat(RULE.weights(ballots, CONSENSUS))
        .containsExactly(new double[] {.9, .8, .7}, within(.02));
  }

  @Test
  void details_always_tellHowTheEstimateEnded() {
    boolean[] truths = new boolean[20_000];
    Ballots ballots = noisy(truths.length, truths, .9, .8, .7);
    Options details = RULE.details(ballots, CONSENSUS);
    assertThat(details.flag("converged")).contains(true);
    assertThat(details.number("iterations").orElseThrow()).isBetween(2.0, 999.0);
    assertThat(details.asMap()).containsEntry("labels", List.of("a", "b"));
    assertThat(details.asMap().get("priors"))
        .asInstanceOf(InstanceOfAssertFactories.list(Double.class))
        .first(InstanceOfAssertFactories.DOUBLE)
        .isCloseTo(.7, within(.02));
    Map<?, ?> confusion = (Map<?, ?>) details.asMap().get("confusion");
    assertThat((Object) confusion.keySet())
        .isEqualTo(new LinkedHashSet<>(List.of("m0", "m1", "m2")));
    Options cut = RULE.details(ballots, CONSENSUS.with("maxIterations", 1));
    assertThat(cut.flag("converged")).contains(false);
    assertThat(cut.number("iterations")).contains(1.0);
  }

  @Test
  void decide_modelsInAnyOrder_isTheSameBitForBit() {
    boolean[] truths = new boolean[1_000];
    Ballots ballots = noisy(truths.length, truths, .8, .7, .6, .55);
    List<Ballot> reversed = new ArrayList<>(ballots.ballots());
    Collections.reverse(reversed);
    assertThat(RULE.decide(new Ballots(ballots.rows(), ballots.labels(), reversed), CONSENSUS))
        .isEqualTo(RULE.decide(ballots, CONSENSUS));
  }

  @Test
  void decide_confidenceAndAgreement_arePosteriorAndShareOfTheVotes() {
    Decision decision = RULE.decide(ballots("aab", "aab", "abb"), CONSENSUS).get(1);
    assertThat(decision.agreement()).isCloseTo(2 / 3., within(1e-12));
    assertThat(decision.confidence().orElseThrow()).isBetween(.5, 1.0);
    Decision demanding =
        RULE.decide(ballots("aab", "aab", "abb"), CONSENSUS.minAgreement(.7)).get(1);
    assertThat(demanding.status()).isEqualTo(DecisionStatus.BELOW_AGREEMENT);
  }

  @Test
  void decide_nothingToTellModelsApart_isATie() {
    assertThat(RULE.decide(ballots("ab", "ba"), CONSENSUS))
        .extracting(Decision::status)
        .containsExactly(DecisionStatus.TIE, DecisionStatus.TIE);
  }

  @Test
  void weights_whereNobodyVoted_areThoseOfChance() {
    Ballots silent = ballots("--", "--");
    assertThat(RULE.decide(silent, CONSENSUS))
        .extracting(Decision::status)
        .containsOnly(DecisionStatus.ABSTAINED);
    assertThat(RULE.weights(silent, CONSENSUS))
        .containsExactly(new double[] {.2, .2}, within(1e-12));
  }

  @Test
  void smoothing_ofFewRows_makesModelsLessSure() {
    Ballots ballots = ballots("aaaabbbb", "aaaabbbb", "aaabbbba");
    double sure = RULE.decide(ballots, CONSENSUS).get(3).confidence().orElseThrow();
    assertThat(sure).isGreaterThan(.999_999);
    double unsure =
        RULE.decide(ballots, CONSENSUS.with("smoothing", 1)).get(3).confidence().orElseThrow();
    assertThat(unsure).as("by a second implementation, in Python").isCloseTo(.886353, within(1e-4));
  }

  @Test
  void decide_tensOfThousandsOfModels_staysFinite() {
    String[] votes = new String[30_000];
    Arrays.setAll(votes, i -> List.of("baa", "aba", "aab").get(i % 3));
    for (Decision decision : RULE.decide(ballots(votes), CONSENSUS)) {
      assertThat(decision.confidence().orElseThrow()).isBetween(.5, 1.0);
    }
  }

  @Test
  void decide_moreThanAHundredClasses_isRefused() {
    int[] votes = IntStream.range(0, 101).toArray();
    List<String> names = IntStream.of(votes).mapToObj(Integer::toString).toList();
    Ballots ballots =
        new Ballots(names, names, List.of(new Ballot("m", 1, votes, Optional.empty())));
    assertThatThrownBy(() -> RULE.decide(ballots, CONSENSUS))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining("there are 101 classes; allowed: at most 100");
  }

  @Test
  void votePatterns_ofRowsVotedOnAlike_areOne() {
    VotePatterns patterns = VotePatterns.of(ballots("abaa-a", "abab-a").ballots(), 6);
    assertThat(patterns.votes())
        .containsExactly(new int[] {0, 0}, new int[] {1, 1}, new int[] {0, 1}, new int[] {-1, -1});
    assertThat(patterns.rows()).containsExactly(3, 1, 1, 1);
    assertThat(patterns.ofRow()).containsExactly(0, 1, 0, 2, 3, 0);
  }
}
