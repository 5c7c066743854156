package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ReviewRecord;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.PatternResult.AwaitingReview;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How disputed rows reach an expert, and what becomes of the answer. */
class ComparativeReviewTest extends ComparativeFixture {
  @Test
  void execute_classesThatNobodyDeclares_areThoseVotedForInOrder() {
    for (String id : List.of("m1", "m2", "m3")) {
      catalog.model(FakeCatalog.riskModel(id));
    }
    Map<String, String> digits = Map.of("m1", "10", "m2", "9", "m3", "9");
    Function<Task, Optional<TaskResult>> nodes =
        task -> Optional.of(votes(task, List.of("x"), List.of(digits.get(modelOf(task)))));
    FakeContext context = FakeContext.of(catalog, nodes);
    PatternResult result =
        ENGINE.execute(spec(job().consensus(Consensus.expertReview().minAgreement(.9))), context);
    assertThat(result).isInstanceOf(AwaitingReview.class);
    assertThat(context.requested().orElseThrow().labels()).containsExactly("9", "10");
  }

  @Test
  void execute_disputedRows_waitForTheExpertAndThenAreReviewed() {
    ComparativeSpec spec =
        spec(
            job()
                .consensus(
                    Consensus.expertReview()
                        .minAgreement(.75)
                        .review(Duration.ofMinutes(5), ReviewTimeoutRule.FAIL)));
    FakeContext.Journal journal = new FakeContext.Journal();
    FakeContext waiting = new FakeContext(journal, catalog, Map.of(), voting(VOTES));
    assertThat(ENGINE.execute(spec, waiting)).isInstanceOf(AwaitingReview.class);
    ReviewRequest request = waiting.requested().orElseThrow();
    assertThat(request.labels()).isEqualTo(LABELS);
    assertThat(request.limit()).contains(Duration.ofMinutes(5));
    assertThat(request.items())
        .extracting(ReviewRequest.Item::row)
        .containsExactly("row1", "row2", "row3", "row4");
    assertThat(request.items().get(0).votes())
        .isEqualTo(Map.of("m1", "benign", "m2", "malignant", "m3", "malignant"));
    assertThat(request.items().get(0).agreement()).isCloseTo(2 / 3., within(1e-12));
    assertThat(request.items().get(3).votes()).isEqualTo(Map.of("m1", "malignant", "m2", "benign"));

    Review review =
        new Review(
            "Dr. Ada",
            Map.of("row1", "benign", "row2", "benign", "row3", "benign", "row4", "malignant"),
            Optional.of("biopsy"));
    FakeContext again =
        new FakeContext(journal, catalog, Map.of(), voting(VOTES))
            .reviewed(new ReviewAnswer(Optional.of(review), NOON, Optional.empty()));
    Completed done = (Completed) ENGINE.execute(spec, again);
    assertThat(journal.sent).as("nothing runs twice").hasSize(3);
    assertThat(done.output().decisions())
        .extracting(d -> d.status() + " " + d.label().orElse(""))
        .containsExactly(
            "REACHED benign",
            "REVIEWED benign",
            "REVIEWED benign",
            "REVIEWED benign",
            "REVIEWED malignant");
    assertThat(done.output().decisions().get(1).agreement()).isCloseTo(2 / 3., within(1e-12));
    assertThat(done.evidence().reviews())
        .containsExactly(
            new ReviewRecord(
                "Dr. Ada", NOON, List.of("row1", "row2", "row3", "row4"), Optional.of("biopsy")));
  }

  @Test
  void execute_reviewOfSomeRows_asksForTheRestInWhatIsLeftOfTheTime() {
    ComparativeSpec spec =
        spec(
            job()
                .consensus(
                    Consensus.expertReview()
                        .minAgreement(.75)
                        .review(Duration.ofMinutes(5), ReviewTimeoutRule.FAIL)));
    FakeContext context =
        FakeContext.of(catalog, voting(VOTES))
            .reviewed(
                answer("Ada", Duration.ofMinutes(3), "row2", "row4"),
                answer("Bo", Duration.ofMinutes(1), "row1"));
    assertThat(ENGINE.execute(spec, context)).isInstanceOf(AwaitingReview.class);
    assertThat(context.reviews.keySet()).containsExactly("review", "review/2", "review/3");
    assertThat(context.reviews.values())
        .extracting(ReviewRequest::limit)
        .containsExactly(
            Optional.of(Duration.ofMinutes(5)),
            Optional.of(Duration.ofMinutes(3)),
            Optional.of(Duration.ofMinutes(1)));
    assertThat(context.requested().orElseThrow().items())
        .extracting(ReviewRequest.Item::row)
        .containsExactly("row3");
  }

  @Test
  void execute_reviewThatDecidesNothingAsked_isRefused() {
    ComparativeSpec spec = spec(job().consensus(Consensus.expertReview().minAgreement(.75)));
    for (ReviewAnswer useless :
        List.of(
            answer("Ada", Duration.ZERO, "row0"),
            new ReviewAnswer(
                Optional.of(new Review("Ada", Map.of("row1", "unclear"), Optional.empty())),
                NOON,
                Optional.empty()))) {
      FakeContext context = FakeContext.of(catalog, voting(VOTES)).reviewed(useless);
      assertThatThrownBy(() -> ENGINE.execute(spec, context))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("review: decides no requested row");
    }
  }

  private static ReviewAnswer answer(String reviewer, Duration left, String... rows) {
    Map<String, String> decisions = new HashMap<>();
    for (String row : rows) {
      decisions.put(row, "benign");
    }
    return new ReviewAnswer(
        Optional.of(new Review(reviewer, decisions, Optional.empty())), NOON, Optional.of(left));
  }

  @Test
  void execute_tieRuleExpert_sendsTiedRowsOnly() {
    FakeContext context = FakeContext.of(catalog, voting(VOTES));
    PatternResult result =
        ENGINE.execute(
            spec(job().consensus(Consensus.majorityVote().tie(TieRule.EXPERT))), context);
    assertThat(result).isInstanceOf(AwaitingReview.class);
    assertThat(context.requested().orElseThrow().items())
        .extracting(ReviewRequest.Item::row)
        .containsExactly("row4");
  }

  @Test
  void execute_reviewThatNeverCame_followsTheTimeoutRule() {
    ReviewAnswer timeout = new ReviewAnswer(Optional.empty(), NOON, Optional.of(Duration.ZERO));
    Consensus expert = Consensus.expertReview().minAgreement(.75);
    Completed unresolved =
        (Completed)
            ENGINE.execute(
                spec(
                    job()
                        .consensus(
                            expert.review(Duration.ofSeconds(1), ReviewTimeoutRule.UNRESOLVED))),
                FakeContext.of(catalog, voting(VOTES)).reviewed(timeout));
    assertThat(unresolved.output().decisions().get(1).status())
        .isEqualTo(DecisionStatus.BELOW_AGREEMENT);
    assertThat(unresolved.evidence().reviews()).isEmpty();
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(job().consensus(expert.review(Duration.ofSeconds(1), ReviewTimeoutRule.FAIL))),
                FakeContext.of(catalog, voting(VOTES)).reviewed(timeout));
    assertThat(failed.error().code()).isEqualTo(ErrorCode.REVIEW_TIMEOUT);
  }
}
