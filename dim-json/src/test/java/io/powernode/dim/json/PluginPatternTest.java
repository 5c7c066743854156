package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A plugin's pattern is a record and nothing more. */
class PluginPatternTest {

  sealed interface Route {
    record Ring(int size) implements Route {}

    record StarShape(Optional<String> centre) implements Route {}
  }

  enum Mood {
    CALM,
    VERY_EAGER
  }

  record Gossip(
      String modelId,
      int fanOut,
      Optional<Double> damping,
      Set<String> seeds,
      Mood mood,
      Route route,
      Optional<Duration> pause,
      Optional<LocalDate> since,
      Map<String, Tensor> priors,
      List<List<Long>> grid,
      Options options)
      implements PatternSpec {

    Gossip {
      if (fanOut < 0) {
        throw new IllegalArgumentException("fanOut: is negative; allowed: 0 or more");
      }
    }

    @Override
    public String pattern() {
      return "gossip";
    }

    @Override
    public void validate(Violations violations) {
      violations.requireId(modelId, "modelId");
      violations.require(fanOut > 0, "fanOut", "is 0", "1 or more");
    }
  }

  record WithTimeout(int timeout) implements PatternSpec {
    @Override
    public String pattern() {
      return "slow";
    }
  }

  private static final DimJson JSON = DimJson.standard().with("gossip", Gossip.class);

  private static final String BODY =
      """
      {"pattern":"gossip","config":{"modelId":"m","fanOut":3,"seeds":["b","a"],
       "mood":"very-eager","route":{"kind":"star_shape","centre":"x"},"pause":0.5,
       "since":"2026-01-31","priors":[{"name":"p","datatype":"FP32","shape":[],"data":[1]}],
       "grid":[[1],[]],"ownThing":{"a":[1,2.0]},"timeout":9}}
      """;

  private static final JobSpec SPEC =
      JobSpec.of(
              new Gossip(
                  "m",
                  3,
                  Optional.empty(),
                  Set.of("a", "b"),
                  Mood.VERY_EAGER,
                  new Route.StarShape(Optional.of("x")),
                  Optional.of(Duration.ofMillis(500)),
                  Optional.of(LocalDate.of(2026, 1, 31)),
                  Map.of("p", Tensor.ofFloats(new float[] {1}).reshape()),
                  List.of(List.of(1L), List.of()),
                  Options.none().with("ownThing", Map.of("a", List.of(1L, 2.0)))))
          .timeout(Duration.ofSeconds(9))
          .build();

  @Test
  void pluginsJob_writtenAndRead_isTheSame() {
    assertThat(JSON.readJob(BODY)).isEqualTo(SPEC);
    assertThat(JSON.readJob(JSON.writeJob(SPEC))).isEqualTo(SPEC);
    assertThat(JSON.decode(JobSpec.class, JSON.encode(SPEC))).isEqualTo(SPEC);
  }

  @Test
  void pluginsSpec_ofAnySeed_comesBackFromStorage() {
    for (long seed = 0; seed < 300; seed++) {
      PatternSpec spec = (PatternSpec) new RandomValues(seed).of(Gossip.class);

      assertThat(JSON.decode(Gossip.class, JSON.encode(spec))).as("seed %d", seed).isEqualTo(spec);
      assertThat(JSON.decode(PatternSpec.class, JSON.encode(spec))).isEqualTo(spec);
    }
  }

  @Test
  void set_always_isWrittenInItsNaturalOrder() {
    assertThat(JSON.writeJob(SPEC)).contains("\"seeds\":[\"a\",\"b\"]");
  }

  @Test
  void pluginsConstructorAndValidation_whenTheyRefuse_areViolations() {
    assertThat(violations(BODY.replace("\"fanOut\":3", "\"fanOut\":-1")))
        .containsExactly(
            new Violation("config.fanOut", "is negative", "0 or more", ErrorCode.INVALID_JOB));
    assertThat(violations(BODY.replace("\"fanOut\":3", "\"fanOut\":0")))
        .containsExactly(
            new Violation("config.fanOut", "is 0", "1 or more", ErrorCode.INVALID_JOB));
  }

  @Test
  void unknownCase_ofAPluginsSealedType_isNamed() {
    assertThat(violations(BODY.replace("star_shape", "line")))
        .containsExactly(
            new Violation(
                "config.route.kind", "is unknown", "ring, star_shape", ErrorCode.INVALID_JOB));
  }

  @Test
  void setThatRepeats_inAJob_isNamed() {
    assertThat(violations(BODY.replace("[\"b\",\"a\"]", "[\"b\",\"b\"]")))
        .extracting(Violation::path)
        .containsExactly("config.seeds[1]");
  }

  @Test
  void patternThatIsNotKnown_whenWritten_isRefused() {
    assertThatThrownBy(() -> DimJson.standard().writeJob(SPEC))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("chained, collaborative, comparative");
    assertThatThrownBy(() -> DimJson.standard().encode(SPEC)).isInstanceOf(DimException.class);
  }

  @Test
  void option_thatCannotBeToldFromAField_isNotWrittenButStored() {
    for (String name : List.of("method", "trim_share")) {
      JobSpec spec =
          JobSpec.collaborative("m").aggregate(Aggregation.of("x").with(name, 1L)).build();

      assertThatThrownBy(() -> JSON.writeJob(spec))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("option " + name);
      assertThat(JSON.decode(JobSpec.class, JSON.encode(spec))).isEqualTo(spec);
    }
  }

  @Test
  void option_calledOptions_isAnOptionLikeAnyOther() {
    JobSpec spec =
        JobSpec.collaborative("m").aggregate(Aggregation.of("x").with("options", 1L)).build();

    assertThat(JSON.readJob(JSON.writeJob(spec))).isEqualTo(spec);
  }

  @Test
  void specType_thatIsNoRecordOrHasATimeout_isRefused() {
    assertThatThrownBy(() -> JSON.with("x", PatternSpec.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no record");
    assertThatThrownBy(() -> JSON.with("slow", WithTimeout.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout");
  }

  private static List<Violation> violations(String body) {
    return catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(body)).violations();
  }
}
