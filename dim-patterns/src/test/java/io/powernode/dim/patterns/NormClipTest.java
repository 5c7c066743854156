package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormClipTest {
  private static NormClip clip(double bound, double... values) {
    return NormClip.of(List.of(new Input("a", Rows.partial(7, values), 0.5)), Optional.of(bound));
  }

  @ParameterizedTest
  @CsvSource({"5,3,4", "1,0.6,0.8", "1e-300,6e-301,8e-301", "1e308,3,4", "5.0000001,3,4"})
  void clip_of3And4_scalesToTheBoundOnlyAboveIt(double bound, double first, double second) {
    NormClip clip = clip(bound, 3, 4);
    assertThat(clip.inputs().get(0).partial().values().get("risk").toDoubles())
        .containsExactly(new double[] {first, second}, within(1e-15 * bound));
    assertThat(clip.inputs().get(0).partial().samples()).isEqualTo(7);
    assertThat(clip.inputs().get(0).weight()).isEqualTo(0.5);
    assertThat(clip.details().asMap())
        .isEqualTo(Map.of("clipped", bound < 5 ? List.of("a") : List.of()));
  }

  @Test
  void clip_ofNumbersWhoseNormOverflows_keepsTheDirection() {
    NormClip clip = clip(5, 1.5e308, -1.5e308, 1.5e308, 1.5e308);
    assertThat(clip.inputs().get(0).partial().values().get("risk").toDoubles())
        .containsExactly(new double[] {2.5, -2.5, 2.5, 2.5}, within(1e-12));
  }

  @Test
  void clip_ofSeveralTensors_takesThemAsOne() {
    Partial partial =
        new Partial(
            Map.of("x", Tensor.scalar(30.0), "y", Tensor.ofFloats(new float[] {0, 40}, 1, 2)), 1);
    NormClip clip = NormClip.of(List.of(new Input("a", partial, 1)), Optional.of(5.0));
    Map<String, Tensor> values = clip.inputs().get(0).partial().values();
    assertThat(values.get("x").closeTo(Tensor.scalar(3.0), 1e-12, 0)).isTrue();
    assertThat(values.get("y").closeTo(Tensor.ofDoubles(new double[] {0, 4}, 1, 2), 1e-12, 0))
        .isTrue();
  }

  @Test
  void clip_ofZeros_leavesThem() {
    assertThat(clip(1e-320, 0, 0).inputs().get(0).partial()).isEqualTo(Rows.partial(7, 0, 0));
  }

  @Test
  void clip_withoutABound_hasNoDetails() {
    List<Input> inputs = List.of(new Input("a", Rows.partial(1, 1e300), 1));
    NormClip clip = NormClip.of(inputs, Optional.empty());
    assertThat(clip.inputs()).isSameAs(inputs);
    assertThat(clip.details().names()).isEmpty();
  }
}
