package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ReviewRecord;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.ReviewRequest.Item;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Asks experts about the disputed decisions until all are decided or the time is up. A review may
 * leave rows open; those are asked for again, under a step name of their own, in what is left of
 * the time.
 */
final class Reviewing {
  private static final String STEP = "review";

  private final Ballots ballots;
  private final Consensus consensus;
  private final List<Decision> decisions;
  private final List<Integer> disputed;

  /**
   * What experts decided.
   *
   * @param decisions of all rows
   * @param reviews who decided which, in the order of time
   * @param open how many disputed rows nobody decided in time
   */
  record Reviewed(List<Decision> decisions, List<ReviewRecord> reviews, int open) {}

  /** Nothing is disputed where there are no classes to choose from. */
  Reviewing(Ballots ballots, ConsensusRule rule, Consensus consensus, List<Decision> decisions) {
    this.ballots = ballots;
    this.consensus = consensus;
    this.decisions = decisions;
    this.disputed =
        IntStream.range(0, ballots.labels().isEmpty() ? 0 : decisions.size())
            .filter(row -> isDisputed(rule, consensus, decisions.get(row)))
            .boxed()
            .toList();
  }

  private static boolean isDisputed(ConsensusRule rule, Consensus consensus, Decision decision) {
    boolean tied = decision.status() == DecisionStatus.TIE && consensus.tie() == TieRule.EXPERT;
    return tied || rule.needsReview(decision, consensus);
  }

  /**
   * The outcome; empty while rows wait for an expert.
   *
   * @param weights of the models' votes
   */
  Optional<Reviewed> ask(PatternContext context, double[] weights) {
    Tally tally = new Tally(ballots, weights, consensus);
    List<Decision> decided = new ArrayList<>(decisions);
    List<ReviewRecord> reviews = new ArrayList<>();
    Map<Integer, Item> open = new LinkedHashMap<>();
    disputed.forEach(row -> open.put(row, item(row)));
    Optional<Duration> limit = consensus.reviewTimeout();
    while (!open.isEmpty()) {
      String step = reviews.isEmpty() ? STEP : STEP + "/" + (reviews.size() + 1);
      ReviewRequest request =
          new ReviewRequest(ballots.labels(), List.copyOf(open.values()), limit);
      Optional<ReviewAnswer> answer = context.review(step, request);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      if (answer.get().review().isEmpty()) {
        break;
      }
      Review review = answer.get().review().get();
      Map<Integer, Integer> labels = labels(review, open.keySet());
      labels.forEach((row, label) -> decided.set(row, reviewed(row, label, tally)));
      reviews.add(
          new ReviewRecord(
              review.reviewer(),
              answer.get().at(),
              labels.keySet().stream().map(ballots.rows()::get).toList(),
              review.note()));
      open.keySet().removeAll(labels.keySet());
      limit = answer.get().left();
    }
    return Optional.of(new Reviewed(List.copyOf(decided), reviews, open.size()));
  }

  private Item item(int row) {
    Map<String, String> votes = new HashMap<>();
    for (Ballot ballot : ballots.ballots()) {
      if (ballot.vote(row) != Ballot.ABSTAIN) {
        votes.put(ballot.modelId(), ballots.labels().get(ballot.vote(row)));
      }
    }
    return new Item(ballots.rows().get(row), votes, decisions.get(row).agreement());
  }

  /** The labels that a review gives open rows, by row. */
  private Map<Integer, Integer> labels(Review review, Set<Integer> open) {
    Map<String, Integer> indexes = Positions.of(ballots.labels());
    Map<Integer, Integer> labels = new LinkedHashMap<>();
    for (int row : open) {
      String label = review.decisions().get(ballots.rows().get(row));
      if (label != null) {
        labels.put(row, indexes.getOrDefault(label, Ballot.ABSTAIN));
      }
    }
    if (labels.isEmpty() || labels.containsValue(Ballot.ABSTAIN)) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          "review: decides no requested row, or not by one of the requested labels");
    }
    return labels;
  }

  private Decision reviewed(int row, int label, Tally tally) {
    Decision open = decisions.get(row);
    return new Decision(
        open.row(),
        Optional.of(ballots.labels().get(label)),
        open.agreement(),
        tally.confidence(row, label),
        DecisionStatus.REVIEWED);
  }
}
