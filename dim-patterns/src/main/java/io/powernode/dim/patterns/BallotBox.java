package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence.ModelVotes;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The votes of all models, row by row in one order.
 *
 * @param answers of all models in declared order, those that failed included
 * @param ballots of those that voted, in the same order
 */
record BallotBox(List<ModelAnswer> answers, Ballots ballots) {

  /**
   * Lines the votes up by their rows' ids: in the order of the rows that the most models voted on,
   * of equally many those of the first. A model that voted on other rows has failed.
   */
  static List<ModelAnswer> linedUp(List<ModelAnswer> answers) {
    List<ModelAnswer> best = answers;
    List<ModelVote> votes = votes(answers);
    int most = 0;
    for (int i = 0; i < votes.size() && 2 * most < votes.size(); i++) {
      List<String> rows = votes.get(i).rows();
      List<ModelAnswer> lined = answers.stream().map(answer -> inOrder(answer, rows)).toList();
      int agreeing = votes(lined).size();
      if (agreeing > most) {
        best = lined;
        most = agreeing;
      }
    }
    return best;
  }

  /** The ballots of answers that are {@link #linedUp lined up}, at least one of them a vote. */
  static BallotBox of(List<ModelAnswer> lined, Classes classes) {
    List<ModelVote> votes = votes(lined);
    List<String> labels = classes.orVoted(votes);
    Map<String, Integer> indexes = Positions.of(labels);
    List<Ballot> ballots =
        lined.stream()
            .filter(answer -> answer.vote().isPresent())
            .map(
                answer ->
                    answer
                        .vote()
                        .orElseThrow()
                        .ballot(answer.modelId(), answer.reputation(), indexes))
            .toList();
    return new BallotBox(List.copyOf(lined), new Ballots(votes.get(0).rows(), labels, ballots));
  }

  /** Why votes make no consensus: fewer than two models gave any. */
  static Optional<ErrorInfo> tooFew(List<ModelAnswer> answers) {
    List<String> failures =
        answers.stream().filter(a -> a.error().isPresent()).map(BallotBox::failure).toList();
    int voted = answers.size() - failures.size();
    return voted >= 2
        ? Optional.empty()
        : Optional.of(
            ErrorInfo.of(
                ErrorCode.NO_CONSENSUS,
                "models: %d of %d answered, 2 are needed: %s"
                    .formatted(voted, answers.size(), String.join("; ", failures))));
  }

  private static String failure(ModelAnswer answer) {
    ErrorInfo error = answer.error().orElseThrow();
    return answer.modelId() + ": " + error.code() + ": " + error.message();
  }

  /** The evidence: what each model voted, and with what weight of those in ballot order. */
  List<ModelVotes> evidence(double[] weights) {
    List<ModelVotes> evidence = new ArrayList<>();
    int voter = 0;
    for (ModelAnswer answer : answers) {
      evidence.add(
          new ModelVotes(
              answer.modelId(),
              answer.nodeId(),
              answer.vote().isPresent() ? weights[voter++] : 0,
              answer.vote().map(ModelVote::labels).orElse(List.of()),
              answer.vote().map(ModelVote::values).orElse(List.of()),
              answer.error()));
    }
    return evidence;
  }

  private static List<ModelVote> votes(List<ModelAnswer> answers) {
    return answers.stream().flatMap(answer -> answer.vote().stream()).toList();
  }

  private static ModelAnswer inOrder(ModelAnswer answer, List<String> rows) {
    return answer.vote().isEmpty()
        ? answer
        : answer
            .vote()
            .get()
            .inOrderOf(rows)
            .map(answer::with)
            .orElseGet(() -> ModelAnswer.failed(answer.modelId(), answer.nodeId(), otherRows()));
  }

  private static ErrorInfo otherRows() {
    return ErrorInfo.of(
        ErrorCode.INVALID_DATA,
        "rows: are not those that most models voted on; allowed: the same data");
  }
}
