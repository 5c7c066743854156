package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobSpec;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever job the builders make, its JSON says the same. */
class JobRoundTripTest {

  private static final DimJson JSON = DimJson.standard();

  @Test
  void validJob_ofAnySeed_comesBackEqualFromBothForms() {
    Set<String> patterns = new HashSet<>();
    for (long seed = 0; seed < 3_000; seed++) {
      JobSpec spec = new RandomJobs(seed).next();
      patterns.add(spec.pattern());

      String json = JSON.writeJob(spec);
      assertThat(JSON.readJob(json)).as("seed %d: %s", seed, json).isEqualTo(spec);
      assertThat(JSON.readJob(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(spec);
      assertThat(JSON.decode(JobSpec.class, JSON.encode(spec))).as("seed %d", seed).isEqualTo(spec);
      assertThat(JSON.writeJob(JSON.readJob(json))).isEqualTo(json);
    }
    assertThat(patterns).containsExactlyInAnyOrder("collaborative", "comparative", "chained");
  }

  @Test
  void conditionOfAStep_isTheTextUnderWhen() {
    String condition = "any(step_1_output.urgency >= 0.5) and step_1_output.unit == 'icu'";
    JobSpec spec =
        JobSpec.chained()
            .step("Triage", "triage")
            .step("Plan", "plan", step -> step.when(condition))
            .build();

    assertThat(JSON.writeJob(spec)).contains("\"when\":\"" + condition + "\"");
    assertThat(JSON.readJob(JSON.writeJob(spec))).isEqualTo(spec);
  }

  @Test
  void blockOfAStep_isItsPatternAndConfig() {
    JobSpec spec =
        JobSpec.chained()
            .step("Triage", "triage")
            .block("Opinions", JobSpec.comparative("a", "b").node("n").build().config())
            .build();

    assertThat(JSON.writeJob(spec))
        .contains(
            "{\"step\":2,\"name\":\"Opinions\",\"pattern\":\"comparative\",\"config\":{\"modelIds\":"
                + "[\"a\",\"b\"],\"nodeId\":\"n\",")
        .doesNotContain("block");
    assertThat(JSON.readJob(JSON.writeJob(spec))).isEqualTo(spec);
  }

  @Test
  void rowsOfAStep_areAConditionAndValuesByOutput() {
    JobSpec spec =
        JobSpec.chained()
            .step("Triage", "triage")
            .step(
                "Plan",
                "plan",
                step ->
                    step.rows("step_1_output.urgency > 0.5")
                        .otherwise("stage", -1)
                        .otherwise("note_text", "none"))
            .build();

    assertThat(JSON.writeJob(spec))
        .contains(
            "\"rows\":\"step_1_output.urgency > 0.5\","
                + "\"otherwise\":{\"stage\":-1,\"note_text\":\"none\"}");
    assertThat(JSON.readJob(JSON.writeJob(spec))).isEqualTo(spec);
  }
}
