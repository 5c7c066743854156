package io.powernode.dim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.powernode.dim.jdbc.Databases;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** That everything runs and can be read; how fast anything is, no test says. */
class SuiteTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @EnumSource(Suite.class)
  void run_quick_measuresEverythingAndPrintsJson(Suite suite) throws Exception {
    if (suite == Suite.DURABLE) {
      Databases.postgres();
    }
    assertThat(run(suite.toString(), "--quick", "--json")).isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("suite").asText()).isEqualTo(suite.toString());
    assertThat(report.path("quick").asBoolean()).isTrue();
    assertThat(report.path("machine").path("cores").asInt()).isPositive();
    assertThat(report.path("machine").path("memoryMiB").asLong()).isPositive();
    assertThat(report.path("figures")).isNotEmpty();
    for (JsonNode figure : report.path("figures")) {
      assertThat(figure.path("perSecond").asDouble()).as("%s", figure).isPositive().isFinite();
      assertThat(figure).as("%s", figure).filteredOn(JsonNode::isTextual).hasSize(1);
    }
    assertThat(report.path("targets")).isNotEmpty();
    for (JsonNode target : report.path("targets")) {
      assertThat(target.path("ratio").asDouble()).as("%s", target).isPositive().isFinite();
    }
  }

  @Test
  void run_quickAsText_saysThatTheFiguresMeanNothing() {
    assertThat(run("selection", "--quick")).isZero();

    assertThat(out.toString())
        .contains("the figures mean nothing", "cores", "one of 100 nodes")
        .doesNotContain("MISSED");
  }

  @Test
  void run_wrongArguments_isRefusedNamingWhatIsAllowed() {
    assertThat(run("speed")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("selection", "--rounds=0")).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains("speed: is unknown; allowed: overhead, inference")
        .contains("--rounds: is too small; allowed: 1 or more");
  }

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
