package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.json.DimJson;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted, what is refused, and what is remembered of it. */
class JobSubmissionTest extends JobEngineFixture {
  @Test
  void submit_muchWrong_listsEveryViolationAtOnce() {
    PatternEngine<ScriptedEngine.Spec> strict =
        new DelegatingEngine(c -> done()) {
          @Override
          public void validate(ScriptedEngine.Spec spec, Catalog catalog, Violations violations) {
            violations.add("size", "is missing", "a size");
          }
        };
    try (Orchestrator dim = Dim.orchestrator().plugin(strict).build()) {
      JobSpec wrong =
          new JobSpec(
              new ScriptedEngine.Spec(),
              Priority.NORMAL,
              Optional.of(-1L),
              Duration.ofDays(3650),
              Optional.empty(),
              Optional.empty(),
              Map.of());

      assertThatThrownBy(() -> dim.submit(wrong))
          .isInstanceOfSatisfying(
              InvalidJobException.class,
              e ->
                  assertThat(e.violations())
                      .extracting(Violation::path)
                      .containsExactly("maxCost", "config.timeout", "config.size"));
    }
  }

  @Test
  void submit_costModelThrows_refusesInsteadOfFailingInTheDark() {
    CostModel broken =
        new CostModel() {
          @Override
          public long estimate(JobSpec spec, int tasks) {
            throw new IllegalStateException("no prices");
          }

          @Override
          public long charge(TaskResult result) {
            throw new IllegalStateException("no prices");
          }
        };
    try (Orchestrator dim = builder(c -> done()).costModel(broken).build()) {
      assertCode(catchThrowable(() -> dim.submit(JOB)), ErrorCode.INTERNAL);
    }
  }

  @Test
  void submit_estimateAboveMaxCost_isRefused() {
    try (Orchestrator dim = builder(c -> done()).build()) {
      JobSpec cheap = JobSpec.of(new ScriptedEngine.Spec()).maxCost(1).build();

      assertCode(catchThrowable(() -> dim.submit(cheap)), ErrorCode.COST_LIMIT);
    }
  }

  @Test
  void submit_usedKey_answersTheEarlierJobEvenWhenTheQueueIsFull() {
    JobSpec keyed = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(1)
            .maxQueuedJobs(0)
            .build()) {
      JobHandle first = dim.as("ann").submit(keyed);
      Awaitility.await().until(() -> !silent.calls.isEmpty());
      JobHandle again = dim.as("ann").submit(keyed);

      assertThat(again.jobId()).isEqualTo(first.jobId());
      assertThat(again.estimatedCost()).isEqualTo(first.estimatedCost());
      JobSpec other =
          JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").purpose("other").build();
      assertCode(catchThrowable(() -> dim.as("ann").submit(other)), ErrorCode.CONFLICT);
      assertCode(catchThrowable(() -> dim.as("bob").submit(keyed)), ErrorCode.OVERLOADED);
    }
  }

  @Test
  void submit_usedKeyWithTensorsInAnotherOrder_isTheSameJob() {
    Tensor one = Tensor.scalar(1.0);
    JobSpec ab =
        JobSpec.of(new ScriptedEngine.Spec())
            .idempotencyKey("k")
            .input("a", one)
            .input("b", one)
            .build();
    JobSpec ba =
        JobSpec.of(new ScriptedEngine.Spec())
            .idempotencyKey("k")
            .input("b", one)
            .input("a", one)
            .build();
    try (Orchestrator dim = builder(c -> done()).build()) {
      assertThat(dim.submit(ba).jobId()).isEqualTo(dim.submit(ab).jobId());
    }
  }

  @Test
  void retention_moreEndedThanKept_forgetsTheOldestAndItsKey() {
    JobSpec keyed = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
    try (Orchestrator dim = builder(c -> done()).retainedJobs(2).build()) {
      String first = dim.submit(keyed).jobId();
      dim.await(first, LIMIT);
      for (int i = 0; i < 5; i++) {
        dim.submit(JOB).await(LIMIT);
      }

      Awaitility.await().until(() -> dim.list(JobFilter.all()).jobs().size() <= 3);
      assertCode(catchThrowable(() -> dim.status(first)), ErrorCode.UNKNOWN_JOB);
      assertThat(dim.submit(keyed).jobId()).isNotEqualTo(first);
    }
  }

  @Test
  void submit_keyOfAJobThatIsForgotten_makesANewJobOnce() {
    Environment environment = Environment.system();
    StateStore store = new BytesOnlyStore(InMemoryStateStore.create(environment));
    JobSpec keyed = JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("k").build();
    JobBook.IdempotentUse use = new JobBook.IdempotentUse("forgotten", Digest.of(new byte[0]), 1);
    store.commit(
        new Commit(
            "elsewhere",
            "tx-elsewhere",
            List.of(),
            List.of(
                new JobBook(store, DimJson.standard())
                    .put(Keys.idempotency(Orchestrator.LOCAL_USER, "k"), use))));
    try (Orchestrator dim = builder(c -> done()).environment(environment).store(store).build()) {
      JobHandle job = dim.submit(keyed);
      job.await(LIMIT);

      assertThat(dim.submit(keyed).jobId()).isEqualTo(job.jobId());
      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(1);
    } finally {
      environment.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void retainJournals_always_decidesWhatStaysWhenAJobEnds(boolean kept) {
    Environment environment = Environment.system();
    StateStore store = InMemoryStateStore.create(environment);
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(book("a"));
                  return done();
                })
            .environment(environment)
            .store(store)
            .retainJournals(kept)
            .build()) {
      dim.submit(JOB).await(LIMIT);

      assertThat(store.scan(Keys.JOURNAL, "", Optional.empty(), 10).entries().isEmpty())
          .isEqualTo(!kept);
    } finally {
      environment.close();
    }
  }

  @Test
  void submit_manyAtOnce_areAcceptedUpToTheBoundAndNoFurther() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(2)
            .maxQueuedJobs(3)
            .build()) {
      List<Throwable> refusals =
          IntStream.range(0, 64)
              .parallel()
              .mapToObj(i -> catchThrowable(() -> dim.submit(JOB)))
              .filter(Objects::nonNull)
              .toList();

      refusals.forEach(refusal -> assertCode(refusal, ErrorCode.OVERLOADED));
      assertThat(dim.list(JobFilter.all()).jobs()).hasSize(5);
    }
  }

  @Test
  void list_byStateInPages_namesEachJobOnceAndOnlyThoseInThatState() {
    try (Orchestrator dim =
        builder(
                c -> {
                  c.run(hang("a"));
                  return done();
                })
            .maxConcurrentJobs(2)
            .build()) {
      for (int i = 0; i < 5; i++) {
        dim.submit(JOB);
      }
      Awaitility.await().until(() -> silent.calls.size() == 2);
      Awaitility.await()
          .until(() -> dim.list(JobFilter.all().state(JobState.RUNNING)).jobs().size() == 2);
      List<JobStatus> waiting = new ArrayList<>();
      Optional<String> cursor = Optional.empty();
      do {
        JobFilter filter = JobFilter.all().state(JobState.PENDING).limit(2);
        var page = dim.list(cursor.map(filter::after).orElse(filter));
        waiting.addAll(page.jobs());
        cursor = page.next();
      } while (cursor.isPresent());

      assertThat(waiting).hasSize(3).extracting(JobStatus::jobId).doesNotHaveDuplicates();
      assertThat(waiting).extracting(JobStatus::state).containsOnly(JobState.PENDING);
      assertThatThrownBy(() -> dim.list(JobFilter.all().after("made up")))
          .isInstanceOf(DimException.class);
    }
  }
}
