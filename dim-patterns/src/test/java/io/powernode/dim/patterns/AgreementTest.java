package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.TestBallots.ballots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.Evidence.PairAgreement;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the evidence says about how far the models agree. */
class AgreementTest {
  @Test
  void fleissKappa_ofHandComputedCases_agrees() {
    assertThat(FleissKappa.of(ballots("aabb", "aabb", "aabb"))).contains(1.0);
    assertThat(FleissKappa.of(ballots("aa", "aa"))).as("chance explains all").isEmpty();
    assertThat(FleissKappa.of(ballots("a-", "-b"))).as("no row with every vote").isEmpty();
    // Rows aab, bbb: P = (1/3 + 1) / 2 = 2/3; shares 1/3, 2/3: Pe = 5/9; kappa = (6-5)/(9-5).
    assertThat(FleissKappa.of(ballots("ab", "ab", "bb")).orElseThrow())
        .isCloseTo(.25, within(1e-12));
    // A row with an abstention is left out.
    assertThat(FleissKappa.of(ballots("aba", "ab-", "bba")).orElseThrow())
        .isCloseTo(.25, within(1e-12));
    // Always divided two against two in turn: P = 1/3, Pe = 1/2, kappa = -1/3.
    assertThat(FleissKappa.of(ballots("ab", "ab", "ba", "ba")).orElseThrow())
        .isCloseTo(-1 / 3., within(1e-12));
  }

  /** The worked example of Fleiss (1971) has 10 rows, 14 raters, 5 classes: kappa 0.210. */
  @Test
  void fleissKappa_ofFleissOwnExampleTable_isAsPublished() {
    int[][] table = {
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}
    };
    int[][] votes = new int[14][table.length];
    for (int row = 0; row < table.length; row++) {
      int rater = 0;
      for (int label = 0; label < 5; label++) {
        for (int n = 0; n < table[row][label]; n++) {
          votes[rater++][row] = label;
        }
      }
    }
    List<Ballot> ballots =
        Arrays.stream(votes).map(v -> new Ballot("m", 1, v, Optional.empty())).toList();
    Ballots all =
        new Ballots(
            IntStream.range(0, table.length).mapToObj(Integer::toString).toList(),
            List.of("1", "2", "3", "4", "5"),
            ballots);
    assertThat(FleissKappa.of(all).orElseThrow()).isCloseTo(0.210, within(0.0005));
  }

  /** Krippendorff (2011), data of sections A, C and D; letters for his numbers. */
  static Stream<Arguments> published() {
    return Stream.of(
        arguments(.095, new String[] {"abaaaaaaba", "bbbaabaaaa"}),
        arguments(.692, new String[] {"aabbdcccedda", "babbbccceddd"}),
        arguments(
            .743, new String[] {"abccbadab---", "abccbbdabe-c", "-cccbcdbbea-", "abccbddabea-"}));
  }

  @ParameterizedTest
  @MethodSource("published")
  void krippendorffAlpha_ofKrippendorffsOwnTables_isAsPublished(double alpha, String[] votes) {
    assertThat(KrippendorffAlpha.of(ballots(votes)).orElseThrow()).isCloseTo(alpha, within(.0005));
  }

  @Test
  void krippendorffAlpha_ofCasesWithoutDisagreement_isOneOrUndefined() {
    assertThat(KrippendorffAlpha.of(ballots("ab-", "abc"))).contains(1.0);
    assertThat(KrippendorffAlpha.of(ballots("aab", "aa-"))).as("one label in all pairs").isEmpty();
    assertThat(KrippendorffAlpha.of(ballots("a-", "-b"))).as("no row with two votes").isEmpty();
    assertThat(KrippendorffAlpha.of(ballots("", ""))).as("no rows").isEmpty();
  }

  @Test
  void pairwiseAgreement_ofThreeModels_countsTheRowsThatBothVotedOn() {
    assertThat(PairwiseAgreement.ofLabels(ballots("aab-", "abb-", "---c")))
        .containsExactly(
            new PairAgreement("m0", "m1", 3, Optional.of(2 / 3.)),
            new PairAgreement("m0", "m2", 0, Optional.empty()),
            new PairAgreement("m1", "m2", 0, Optional.empty()));
  }

  @Test
  void pairwiseAgreement_ofMoreThanFiftyModels_isLeftOut() {
    String[] votes = new String[51];
    Arrays.fill(votes, "ab");
    assertThat(PairwiseAgreement.ofLabels(ballots(votes))).isEmpty();
    assertThat(PairwiseAgreement.ofLabels(ballots(Arrays.copyOf(votes, 50)))).hasSize(50 * 49 / 2);
  }
}
