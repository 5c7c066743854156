package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of Toloka's crowd-kit: its workers are models, its tasks rows. */
class ConsensusVectorsTest {
  /** Cases about something that we do not do, by design. */
  private static final Map<String, String> NOT_OURS =
      Map.of(
          "mv-missing-skill-error",
          "a model without a given weight weighs what its node's reputation says, never an error",
          "mv-missing-skill-ignore",
          "a model without a given weight is not left out; a job leaves it out of its models",
          "mv-missing-skill-ignore-all",
          "as above; a job of fewer than two models is refused",
          "one-coin-dawid-skene-toy",
          "the method with one accuracy a model instead of a confusion matrix is not offered",
          "one-coin-dawid-skene-simple",
          "as above",
          "ds-overlap-300",
          "its start is an unstable fixed point, at which only rounding noise decides",
          "ds-gold",
          "rows whose label is known are not part of a job");

  static Stream<JsonNode> majority() throws IOException {
    return Vectors.cases("consensus/crowdkit-majority-vote.json");
  }

  static Stream<JsonNode> dawidSkene() throws IOException {
    return Vectors.cases("consensus/crowdkit-dawid-skene.json");
  }

  @ParameterizedTest
  @MethodSource("majority")
  void vote_ofCrowdkitsAnswers_decidesTheSame(JsonNode vector) {
    skipIfNotOurs(vector);
    Ballots ballots = TestBallots.crowd(vector.at("/inputs/answers"));
    Consensus consensus = Consensus.majorityVote();
    ConsensusRule rule = new MajorityVote();
    if (vector.get("inputs").has("skills")) {
      consensus = Consensus.weightedVote().weights(skills(vector.get("inputs"), ballots));
      rule = new WeightedVote();
    }
    List<Decision> decisions = rule.decide(ballots, consensus.tie(TieRule.FIRST));
    assertLabels(decisions, vector.at("/expected/labels"));
    assertSkills(ballots, decisions, vector);
    for (Decision decision : decisions) {
      JsonNode shares = vector.at("/expected/probas").path(decision.row());
      if (!shares.isMissingNode()) {
        assertThat(decision.agreement())
            .isCloseTo(
                shares.get(decision.label().orElseThrow()).doubleValue(),
                within(vector.at("/tolerance/abs").doubleValue()));
      }
    }
  }

  /** A worker's skill there is how many of its answers are what was decided. */
  private static void assertSkills(Ballots ballots, List<Decision> decisions, JsonNode vector) {
    JsonNode skills = vector.at("/expected/skills");
    for (Ballot ballot : skills.isMissingNode() ? List.<Ballot>of() : ballots.ballots()) {
      int answers = 0;
      int right = 0;
      for (int row = 0; row < decisions.size(); row++) {
        int vote = ballot.vote(row);
        if (vote != Ballot.ABSTAIN) {
          answers++;
          right +=
              decisions.get(row).label().orElseThrow().equals(ballots.labels().get(vote)) ? 1 : 0;
        }
      }
      assertThat((double) right / answers)
          .as(ballot.modelId())
          .isCloseTo(
              skills.get(ballot.modelId()).doubleValue(),
              within(vector.at("/tolerance/abs").doubleValue()));
    }
  }

  @ParameterizedTest
  @MethodSource("dawidSkene")
  void dawidSkene_ofCrowdkitsAnswers_estimatesTheSame(JsonNode vector) {
    skipIfNotOurs(vector);
    JsonNode inputs = vector.get("inputs");
    Ballots ballots = TestBallots.crowd(inputs.get("answers"));
    DawidSkeneModel model =
        DawidSkeneModel.fit(
            VotePatterns.of(ballots.ballots(), ballots.rows().size()),
            ballots.ballots().size(),
            ballots.labels().size(),
            1e-10,
            inputs.path("tol").asDouble(1e-5),
            inputs.get("n_iter").intValue());
    JsonNode expected = vector.get("expected");
    Offset<Double> tolerance = within(vector.at("/tolerance/abs").doubleValue());
    for (int row = 0; row < ballots.rows().size(); row++) {
      JsonNode probabilities = expected.path("probas").path(ballots.rows().get(row));
      assertClose(model.posterior(row), probabilities, ballots.labels(), tolerance);
    }
    assertClose(model.priors(), expected.path("priors"), ballots.labels(), tolerance);
    for (int m = 0; m < ballots.ballots().size(); m++) {
      JsonNode errors = expected.path("errors").path(ballots.ballots().get(m).modelId());
      for (int vote = 0; vote < ballots.labels().size(); vote++) {
        int column = vote;
        double[] byTruth = Stream.of(model.errors(m)).mapToDouble(row -> row[column]).toArray();
        JsonNode ofVote = errors.path(ballots.labels().get(vote));
        assertClose(byTruth, ofVote, ballots.labels(), tolerance);
      }
    }
  }

  private static void assertClose(
      double[] actual, JsonNode expected, List<String> labels, Offset<Double> tolerance) {
    for (int label = 0; label < labels.size() && !expected.isMissingNode(); label++) {
      assertThat(actual[label]).isCloseTo(expected.get(labels.get(label)).doubleValue(), tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("dawidSkene")
  void dawidSkene_ofCrowdkitsAnswers_decidesTheSame(JsonNode vector) {
    skipIfNotOurs(vector);
    int iterations = vector.at("/inputs/n_iter").intValue();
    Consensus consensus =
        iterations == 0
            ? Consensus.majorityVote()
            : Consensus.dawidSkene().with("maxIterations", Math.min(iterations, 10_000));
    ConsensusRule rule = iterations == 0 ? new MajorityVote() : new DawidSkene();
    assertLabels(
        rule.decide(TestBallots.crowd(vector.at("/inputs/answers")), consensus.tie(TieRule.FIRST)),
        vector.at("/expected/labels"));
  }

  private static void assertLabels(List<Decision> decisions, JsonNode labels) {
    assertThat(decisions).hasSize(labels.size());
    for (Decision decision : decisions) {
      assertThat(decision.label()).as(decision.row()).contains(labels.get(decision.row()).asText());
    }
  }

  private static void skipIfNotOurs(JsonNode vector) {
    String id = vector.get("id").asText();
    assumeFalse(NOT_OURS.containsKey(id), () -> id + ": " + NOT_OURS.get(id));
  }

  private static Map<String, Double> skills(JsonNode inputs, Ballots ballots) {
    Map<String, Double> skills = new HashMap<>();
    for (Ballot ballot : ballots.ballots()) {
      JsonNode skill = inputs.get("skills").path(ballot.modelId());
      skills.put(ballot.modelId(), skill.asDouble(inputs.path("default_skill").asDouble()));
    }
    return skills;
  }

  @Test
  void notOurs_always_namesCasesThatExist() throws IOException {
    assertThat(Stream.concat(majority(), dawidSkene()).map(vector -> vector.get("id").asText()))
        .containsAll(NOT_OURS.keySet());
  }
}
