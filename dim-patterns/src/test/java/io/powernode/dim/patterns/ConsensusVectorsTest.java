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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of Toloka's crowd-kit: its workers are models, its tasks rows. */
class ConsensusVectorsTest {
  private static final String MAJORITY = "consensus/crowdkit-majority-vote.json";

  /** Cases about something that we do not do, by design. */
  private static final Map<String, String> NOT_OURS =
      Map.of(
          "mv-missing-skill-error",
          "a model without a given weight weighs what its node's reputation says, never an error",
          "mv-missing-skill-ignore",
          "a model without a given weight is not left out; a job leaves it out of its models",
          "mv-missing-skill-ignore-all",
          "as above; a job of fewer than two models is refused");

  static Stream<JsonNode> majority() throws IOException {
    return Vectors.cases(MAJORITY);
  }

  @ParameterizedTest
  @MethodSource("majority")
  void vote_ofCrowdkitsAnswers_decidesTheSame(JsonNode vector) {
    String id = vector.get("id").asText();
    assumeFalse(NOT_OURS.containsKey(id), () -> id + ": " + NOT_OURS.get(id));
    Ballots ballots = TestBallots.crowd(vector.at("/inputs/answers"));
    Consensus consensus = Consensus.majorityVote();
    ConsensusRule rule = new MajorityVote();
    if (vector.get("inputs").has("skills")) {
      consensus = Consensus.weightedVote().weights(skills(vector.get("inputs"), ballots));
      rule = new WeightedVote();
    }
    List<Decision> decisions = rule.decide(ballots, consensus.tie(TieRule.FIRST));
    JsonNode labels = vector.at("/expected/labels");
    assertThat(decisions).hasSize(labels.size());
    for (Decision decision : decisions) {
      String label = labels.get(decision.row()).asText();
      assertThat(decision.label()).as(decision.row()).contains(label);
      JsonNode shares = vector.at("/expected/probas").path(decision.row());
      if (!shares.isMissingNode()) {
        assertThat(decision.agreement())
            .isCloseTo(
                shares.get(label).doubleValue(), within(vector.at("/tolerance/abs").doubleValue()));
      }
    }
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
    assertThat(majority().map(vector -> vector.get("id").asText())).containsAll(NOT_OURS.keySet());
  }
}
