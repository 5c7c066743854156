package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Rollback;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which rows stay, by what reads them. */
class StayPlanTest {
  private static final StepSources SOURCES = new StepSources(new FakeCatalog());

  private static ChainedJobBuilder rows() {
    return JobSpec.chained().step("1", "m", s -> s.node("n1").from("patients"));
  }

  private static PatternSpec ownVotes() {
    return JobSpec.comparative("a", "b").node("n1").cabinet("patients").build().config();
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        arguments("on the same node", rows().step("2", "m", s -> s.node("n1")), "1"),
        arguments("on no node of its own", rows().step("2", "m"), "1"),
        arguments("one after the other", rows().step("2", "m").step("3", "m"), "12"),
        arguments("elsewhere", rows().step("2", "m", s -> s.node("n2")), ""),
        arguments("by an action", rows().action("2", "a", s -> s.node("n1")), ""),
        arguments(
            "by a vote", rows().block("2", JobSpec.comparative("a", "b").build().config()), ""),
        arguments(
            "after a vote on rows of its own",
            rows().block("2", ownVotes()).step("3", "m", s -> s.from("step_1_output")),
            "1"),
        arguments("by nobody but a vote on rows of its own", rows().block("2", ownVotes()), ""),
        arguments("by nobody", rows().step("2", "m", s -> s.from("client_data")), ""),
        arguments(
            "reduced",
            JobSpec.chained()
                .step("1", "m", s -> s.node("n1").from("p").reduce(ReductionSpec.mean()))
                .step("2", "m"),
            ""),
        arguments(
            "undone",
            JobSpec.chained()
                .step("1", "m", s -> s.node("n1").from("p").rollback(Rollback.action("a")))
                .step("2", "m"),
            ""),
        arguments(
            "reduced in the middle",
            rows().step("2", "m", s -> s.reduce(ReductionSpec.mean())).step("3", "m"),
            "1"),
        arguments(
            "here and elsewhere",
            rows().step("2", "m").step("3", "m", s -> s.node("n2").from("step_1_output")),
            ""),
        arguments(
            "in the end elsewhere",
            rows().step("2", "m").step("3", "m").step("4", "m", s -> s.node("n2")),
            "12"),
        arguments(
            "beside data of the job",
            rows()
                .step("2", "m", s -> s.from("client_data"))
                .step("3", "m", s -> s.input("x", "step_1_output.x")),
            ""),
        arguments(
            "beside other rows of the node",
            rows()
                .step("2", "m", s -> s.node("n1").from("others"))
                .step("3", "m", s -> s.input("x", "step_1_output.x")),
            "12"),
        arguments(
            "beside rows of another node",
            rows()
                .step("2", "m", s -> s.node("n2").from("others"))
                .step("3", "m", s -> s.input("x", "step_1_output.x")),
            ""),
        arguments(
            "by a condition alone",
            rows().action("2", "a", s -> s.from("client_data").when("any(step_1_output.x > 1)")),
            "1"),
        arguments(
            "by a condition on others too",
            rows()
                .step("2", "m", s -> s.from("client_data"))
                .step(
                    "3",
                    "m",
                    s ->
                        s.from("step_1_output")
                            .when("any(step_1_output.x > 1) and any(step_2_output.x > 1)")),
            ""),
        arguments(
            "by its rows' condition",
            rows().step("2", "m", s -> s.rows("step_1_output.x > 1")),
            "1"),
        arguments(
            "by the rows' condition of data of the job",
            rows().step("2", "m", s -> s.from("client_data").rows("step_1_output.x > 1")),
            ""),
        arguments(
            "beside a rows' condition on data of the job",
            rows()
                .step("2", "m", s -> s.from("client_data"))
                .step("3", "m", s -> s.from("step_1_output").rows("step_2_output.x > 1")),
            ""),
        arguments(
            "to pass by",
            rows()
                .step("2", "m")
                .step(
                    "3", "m", s -> s.rows("step_2_output.x > 1").otherwise("x", "step_1_output.x")),
            "12"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void plan_ofAPipeline_letsRowsStayThatAreReadThere(
      String read, ChainedJobBuilder job, String staying) {
    List<PipelineStep> steps = ((ChainedSpec) job.build().config()).pipeline();
    StayPlan plan = StayPlan.of(steps, SOURCES);
    List<String> found =
        steps.stream()
            .filter(step -> plan.node(step).isPresent())
            .map(step -> String.valueOf(step.step()))
            .toList();
    assertThat(String.join("", found)).isEqualTo(staying);
    assertThat(steps).allMatch(step -> plan.node(step).orElse("n1").equals("n1"));
  }

  @Test
  void plan_ofAThousandStepsThatAllHaveToLeave_isMadeAtOnce() {
    ChainedJobBuilder job = rows();
    IntStream.rangeClosed(2, 999).forEach(i -> job.step("s" + i, "m"));
    job.step("last", "m", s -> s.node("n2"));
    List<PipelineStep> steps = ((ChainedSpec) job.build().config()).pipeline();
    StayPlan plan = StayPlan.of(steps, SOURCES);
    assertThat(steps).filteredOn(step -> plan.node(step).isPresent()).hasSize(998);
  }
}
