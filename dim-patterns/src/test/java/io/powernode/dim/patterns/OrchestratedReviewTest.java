package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence.ReviewRecord;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.InMemoryModelRegistry;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.testkit.SimulatedEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reviews in parts, on the real orchestrator. */
class OrchestratedReviewTest extends OrchestratedReviews {
  private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
  private final StateStore store = InMemoryStateStore.create(environment);
  private final ModelRegistry models = new InMemoryModelRegistry();

  @AfterEach
  void close() {
    environment.close();
  }

  private Orchestrator orchestrator() {
    for (String id : List.of("m1", "m2")) {
      models.register(model(id));
    }
    return Dim.orchestrator()
        .environment(environment)
        .store(store)
        .models(models)
        .node(node(environment))
        .build();
  }

  private static List<String> asked(Orchestrator dim, String id) {
    return dim.status(id).review().stream()
        .flatMap(request -> request.items().stream())
        .map(ReviewRequest.Item::row)
        .toList();
  }

  private static List<String> decided(JobResult result) {
    return result.output().decisions().stream()
        .map(d -> d.row() + " " + d.label().orElse("-") + " " + d.status())
        .toList();
  }

  @Test
  void review_inParts_keepsToTheTimeOfTheWhole() {
    try (Orchestrator dim = orchestrator()) {
      String id = dim.submit(job(ReviewTimeoutRule.UNRESOLVED)).jobId();
      environment.advance(Duration.ofMinutes(10));
      assertThat(asked(dim, id)).containsExactly("x", "y", "z");
      Instant first = environment.now();
      dim.review(id, review("Ada", "y", "malignant"));
      environment.advance(Duration.ofMinutes(30));
      assertThat(asked(dim, id)).containsExactly("x", "z");
      assertThat(dim.status(id).review().orElseThrow().limit()).contains(HOUR.minusMinutes(10));
      assertThat(
              catchThrowableOfType(
                      DimException.class, () -> dim.review(id, review("Bo", "y", "benign")))
                  .code())
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
      dim.review(id, review("Bo", "x", "benign"));
      environment.advance(Duration.ofMinutes(19));
      assertThat(asked(dim, id)).containsExactly("z");
      environment.advance(Duration.ofMinutes(1));

      JobResult result = dim.result(id);
      assertThat(decided(result))
          .containsExactly(
              "w benign REACHED", "x benign REVIEWED", "y malignant REVIEWED", "z - TIE");
      assertThat(result.evidence().reviews())
          .containsExactly(
              new ReviewRecord("Ada", first, List.of("y"), Optional.of("by Ada")),
              new ReviewRecord(
                  "Bo", first.plus(Duration.ofMinutes(30)), List.of("x"), Optional.of("by Bo")));
    }
  }

  @Test
  void review_thatLeavesRowsOpenWhenTheTimeIsUp_failsTheJobThatSaysSo() {
    try (Orchestrator dim = orchestrator()) {
      String id = dim.submit(job(ReviewTimeoutRule.FAIL)).jobId();
      environment.advance(Duration.ofMinutes(59));
      dim.review(id, review("Ada", "y", "malignant"));
      environment.advance(Duration.ofMinutes(1));

      assertThat(dim.status(id).error().orElseThrow().code()).isEqualTo(ErrorCode.REVIEW_TIMEOUT);
      assertThat(dim.status(id).error().orElseThrow().message())
          .isEqualTo("review: did not arrive in time for 2 rows");
    }
  }

  @Test
  void review_takenOverByTheNextOwner_doesNotGetItsTimeAgain() {
    String id;
    try (Orchestrator first = orchestrator()) {
      id = first.submit(job(ReviewTimeoutRule.UNRESOLVED)).jobId();
      environment.advance(Duration.ofMinutes(20));
      first.review(id, review("Ada", "x", "benign"));
      environment.advance(Duration.ofMinutes(20));
    }
    try (Orchestrator second = orchestrator()) {
      environment.advance(Duration.ofMinutes(19));
      assertThat(asked(second, id)).containsExactly("y", "z");
      environment.advance(Duration.ofMinutes(2));

      assertThat(decided(second.result(id)))
          .containsExactly("w benign REACHED", "x benign REVIEWED", "y - TIE", "z - TIE");
    }
  }
}
