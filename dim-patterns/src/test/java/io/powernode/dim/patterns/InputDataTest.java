package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.JobBuilder;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.PatternEngine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The job's own data is never ignored, and missed before the job is accepted. */
class InputDataTest {
  private static final String UNREAD = "is given, but nothing in the job reads it";
  private static final String MISSING = "is missing, and the job reads it";

  static Stream<Arguments> jobs() {
    return Stream.of(
        arguments("", JobSpec.collaborative("m")),
        arguments("", data(JobSpec.collaborative("m"))),
        arguments("", JobSpec.comparative("a", "b").node("n").cabinet("patients")),
        arguments(UNREAD, data(JobSpec.comparative("a", "b").node("n").cabinet("patients"))),
        arguments("", data(JobSpec.comparative("a", "b"))),
        arguments(MISSING, JobSpec.comparative("a", "b")),
        arguments("", data(JobSpec.chained().step("A", "a").step("B", "b"))),
        arguments(MISSING, JobSpec.chained().step("A", "a").step("B", "b")),
        arguments("", JobSpec.chained().action("A", "a", s -> {}).step("B", "b")),
        arguments(
            MISSING,
            JobSpec.chained()
                .action("A", "a", s -> {})
                .step("B", "b", s -> s.from(PipelineStep.CLIENT_DATA))),
        arguments("", data(JobSpec.chained().block("A", votes()).step("B", "b"))),
        arguments(MISSING, JobSpec.chained().block("A", votes()).step("B", "b")),
        arguments(
            UNREAD,
            data(
                JobSpec.chained()
                    .block("A", rowVotes())
                    .step("B", "b", s -> s.from("patients").node("n")))),
        arguments(
            MISSING,
            JobSpec.chained()
                .block("A", rows().block("C", votes(), s -> s.from("client_data")).build().config())
                .step("B", "b")),
        arguments("", rows().block("A", rowVotes())),
        arguments("", rows()),
        arguments(UNREAD, data(rows())));
  }

  private static <B extends JobBuilder<B>> B data(B job) {
    return job.input("x", Tensor.scalar(1.0));
  }

  private static PatternSpec votes() {
    return JobSpec.comparative("a", "b").build().config();
  }

  private static PatternSpec rowVotes() {
    return JobSpec.comparative("a", "b").node("n").cabinet("patients").build().config();
  }

  private static ChainedJobBuilder rows() {
    return JobSpec.chained().step("A", "a", s -> s.node("n").from("patients")).step("B", "b");
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void validateInput_ofAJob_findsDataThatIsMissingOrUnread(String problem, JobBuilder<?> job) {
    JobSpec spec = job.build();

    assertThat(violations(spec))
        .extracting(Violation::toString)
        .hasSize(problem.isEmpty() ? 0 : 1)
        .allMatch(text -> text.startsWith("inputData: " + problem));
  }

  @Test
  void validateInput_ofNamesThatAreNone_isRefused() {
    for (Tensor names :
        List.of(
            Tensor.ofStrings(List.of("a", "a")),
            Tensor.ofLongs(new long[] {1, 2}),
            Tensor.ofStrings(List.of("a", "b"), 2, 1))) {
      assertThat(violations(data(JobSpec.comparative("a", "b")).input("row_ids", names).build()))
          .extracting(Violation::toString)
          .containsExactly(
              "inputData.row_ids: does not name the rows; allowed: distinct texts, BYTES of shape"
                  + " [n]");
    }
  }

  private static List<Violation> violations(JobSpec spec) {
    Violations violations = Violations.none();
    for (PatternEngine<?> engine :
        List.of(new CollaborativeEngine(), new ComparativeEngine(), new ChainedEngine())) {
      if (engine.name().equals(spec.pattern())) {
        validate(engine, spec, violations);
      }
    }
    return violations.list();
  }

  private static <S extends PatternSpec> void validate(
      PatternEngine<S> engine, JobSpec spec, Violations violations) {
    engine.validateInput(
        engine.specType().cast(spec.config()), spec.inputData(), new FakeCatalog(), violations);
  }
}
