package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Committed;
import io.powernode.dim.spi.CommitResult.Refused;
import io.powernode.dim.spi.CommitResult.Unknown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Everything runs on the test's thread, when it says so. */
class GroupCommitTest {
  private final Queue<Runnable> executed = new ArrayDeque<>();
  private final List<List<String>> batches = new ArrayList<>();
  private Function<List<Pending>, List<CommitResult>> writer = this::commitAll;
  private final List<Set<String>> changed = new ArrayList<>();
  private boolean isShutDown;
  private final GroupCommit commits =
      new GroupCommit(this::execute, batch -> Answer.of(writer.apply(batch)), changed::add);

  private void execute(Runnable work) {
    if (isShutDown) {
      throw new RejectedExecutionException();
    }
    executed.add(work);
  }

  private List<CommitResult> commitAll(List<Pending> batch) {
    batches.add(batch.stream().map(pending -> pending.commit().transactionId()).toList());
    return batch.stream().map(pending -> (CommitResult) new Committed(batches.size())).toList();
  }

  private CompletableFuture<CommitResult> add(String id) {
    Commit commit = new Commit("s", id, List.of(), List.of());
    return commits.add(Pending.of(commit, Map.of())).toCompletableFuture();
  }

  private void runAll() {
    while (!executed.isEmpty()) {
      executed.remove().run();
    }
  }

  @Test
  void commits_thatComeBeforeTheWriter_areOneBatchInOrder() {
    List<CompletableFuture<CommitResult>> answers = List.of(add("a"), add("b"), add("c"));
    assertThat(executed).as("writers").hasSize(1);
    runAll();
    assertThat(batches).containsExactly(List.of("a", "b", "c"));
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(new Committed(1)));
  }

  @Test
  void commits_thatComeMeanwhile_areTheNextBatch() {
    writer =
        batch -> {
          if (batches.isEmpty()) {
            add("b");
            add("c");
          }
          return commitAll(batch);
        };
    add("a");
    runAll();
    assertThat(batches).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void commit_inAnAnswer_isWrittenByANewWriter() {
    CompletableFuture<CommitResult> second = add("a").thenCompose(first -> add("b"));
    runAll();
    assertThat(second).isCompletedWithValue(new Committed(2));
  }

  @Test
  void batch_always_isBounded() {
    for (int i = 0; i < 1300; i++) {
      add("t" + i);
    }
    runAll();
    assertThat(batches).extracting(List::size).containsExactly(512, 512, 276);
  }

  @Test
  void settled_always_completesAfterWhatCameBefore() {
    add("a");
    CompletableFuture<?> settled = commits.settled().toCompletableFuture();
    assertThat(settled).isNotDone();
    runAll();
    assertThat(settled).isDone();
    assertThat(commits.settled().toCompletableFuture()).isDone();
  }

  @Test
  void commit_thatIsImpossible_failsAndSettles() {
    DimException never = new DimException(ErrorCode.INVALID_ARGUMENT, "too large");
    GroupCommit failing =
        new GroupCommit(
            this::execute, batch -> List.of(new Answer.Impossible(never)), changed::add);
    Commit commit = new Commit("s", "a", List.of(), List.of());
    CompletableFuture<CommitResult> answer =
        failing.add(Pending.of(commit, Map.of())).toCompletableFuture();
    runAll();
    assertThat(answer).isCompletedExceptionally();
    assertThat(answer.handle((result, why) -> why)).isCompletedWithValue(never);
    assertThat(failing.settled().toCompletableFuture()).isCompleted();
    assertThat(changed).containsExactly(Set.of());
  }

  @Test
  void defect_ofTheWriter_leavesItUnknownAndGoesOn() {
    writer =
        batch -> {
          throw new IllegalStateException("a defect");
        };
    CompletableFuture<CommitResult> lost = add("a");
    runAll();
    writer = this::commitAll;
    CompletableFuture<CommitResult> next = add("b");
    runAll();
    assertThat(lost).isCompletedWithValue(new Unknown("a"));
    assertThat(next).isCompletedWithValue(new Committed(1));
  }

  @Test
  void streams_thatGotNoChange_areNotTold() {
    writer = batch -> List.of(new Refused("disk full"), new Unknown("b"));
    add("a");
    add("b");
    runAll();
    writer = this::commitAll;
    add("c");
    runAll();
    assertThat(changed).containsExactly(Set.of(), Set.of("s"));
  }

  @Test
  void close_always_refusesWhatComesAfter() {
    CompletableFuture<CommitResult> before = add("a");
    commits.close();
    assertThat(add("b")).isCompletedWithValue(new Refused("the store is closed"));
    runAll();
    assertThat(before).isCompletedWithValue(new Committed(1));
  }

  @Test
  void environment_thatIsClosed_refusesAtOnce() {
    isShutDown = true;
    assertThat(add("a")).isCompletedWithValue(new Refused("the store's environment is closed"));
    assertThat(add("b")).isCompletedWithValue(new Refused("the store is closed"));
  }

  @Test
  void environment_thatClosesMeanwhile_stillAnswers() {
    List<CompletableFuture<CommitResult>> answers = new ArrayList<>();
    writer =
        batch -> {
          if (batches.isEmpty()) {
            isShutDown = true;
            answers.add(add("b"));
          }
          return commitAll(batch);
        };
    answers.add(add("a"));
    runAll();
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(batches).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void values_thatPileUp_areRefusedBeyondABound() {
    Cell big = Cell.of(new byte[64 << 20]);
    Optional<CommitResult> refused = Optional.empty();
    for (int i = 0; i < 6; i++) {
      Commit commit = new Commit("s", "t" + i, List.of(), List.of());
      CompletableFuture<CommitResult> answer =
          commits.add(Pending.of(commit, Map.of("k", big))).toCompletableFuture();
      refused = answer.isDone() ? Optional.of(answer.join()) : refused;
    }
    assertThat(refused).contains(new Refused("too much waits to be written"));
    runAll();
    assertThat(add("after")).isNotDone();
  }
}
