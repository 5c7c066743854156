package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
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
   * Lines the votes up by their rows' ids.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if two models voted on other rows
   */
  static BallotBox of(List<ModelAnswer> answers, Classes classes) {
    List<ModelAnswer> lined = new ArrayList<>();
    ModelAnswer first =
        answers.stream().filter(answer -> answer.vote().isPresent()).findFirst().orElseThrow();
    List<String> rows = first.vote().orElseThrow().rows();
    for (ModelAnswer answer : answers) {
      lined.add(answer.vote().isPresent() ? inOrder(answer, rows, first.modelId()) : answer);
    }
    List<ModelVote> votes = lined.stream().flatMap(answer -> answer.vote().stream()).toList();
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
    return new BallotBox(List.copyOf(lined), new Ballots(rows, labels, ballots));
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

  private static ModelAnswer inOrder(ModelAnswer answer, List<String> rows, String reference) {
    return answer
        .vote()
        .flatMap(vote -> vote.inOrderOf(rows))
        .map(answer::with)
        .orElseThrow(
            () ->
                new DimException(
                    ErrorCode.INVALID_DATA,
                    "rows: the models %s and %s voted on other rows; allowed: the same data"
                        .formatted(reference, answer.modelId())));
  }
}
