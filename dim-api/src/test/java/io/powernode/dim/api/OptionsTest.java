package io.powernode.dim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void smallerNumbers_always_areWidened() {
    Options options =
        Options.none().with("i", 1).with("s", (short) 2).with("f", 0.5f).with("l", List.of(3));

    assertThat(options.asMap()).isEqualTo(Map.of("i", 1L, "s", 2L, "f", 0.5, "l", List.of(3L)));
    assertThat(options).isEqualTo(Options.of(options.asMap()));
  }

  @Test
  void valueOutsideTheTree_always_isRefusedByName() {
    List<Object> bad = new ArrayList<>(List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN));
    bad.addAll(List.of(new BigDecimal(1), 'c', new int[0], Set.of(1)));
    bad.addAll(List.of(List.of(Double.NaN), Map.of("y", new Object()), Arrays.asList(1, null)));
    bad.add(Collections.singletonMap("y", null));

    for (Object value : bad) {
      assertThatIllegalArgumentException()
          .as("%s", value)
          .isThrownBy(() -> Options.none().with("x", value))
          .withMessageContaining("not an option value");
    }
  }

  @Test
  void values_changedOutside_leaveTheOptionsAlone() {
    List<Object> list = new ArrayList<>(List.of(1L));
    Map<String, Object> map = new LinkedHashMap<>(Map.of("l", list));
    Options options = Options.of(map);
    list.add(2L);
    map.put("more", 1);

    assertThat(options.asMap()).isEqualTo(Map.of("l", List.of(1L)));
    assertThatThrownBy(() -> options.asMap().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void valueOfItsType_whenAskedFor_isThere() {
    Options options = Options.none().with("n", 1).with("d", 0.5).with("t", "x").with("b", true);

    assertThat(options.number("n")).contains(1.0);
    assertThat(options.number("d")).contains(0.5);
    assertThat(options.text("t")).contains("x");
    assertThat(options.flag("b")).contains(true);
    assertThat(options.number("none")).isEmpty();
    assertThat(options.names()).containsExactly("n", "d", "t", "b");
  }

  @Test
  void valueOfAnotherType_whenAskedFor_isAViolation() {
    Options options = Options.none().with("x", "text").with("n", 1);

    assertThatThrownBy(() -> options.number("x"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("x: has the wrong type; allowed: a number");
    assertThatThrownBy(() -> options.flag("n")).hasMessageContaining("true or false");
    assertThatThrownBy(() -> options.text("n")).hasMessageContaining("a text");
  }

  @Test
  void laterValue_ofTheSameName_replacesTheEarlierOne() {
    assertThat(Options.none().with("a", 1).with("a", 2)).isEqualTo(Options.of(Map.of("a", 2)));
  }

  @Test
  void allowOnly_always_namesEachOtherOption() {
    Violations violations = Violations.none();

    Options.none()
        .with("edges", 1)
        .with("bins", 2)
        .with("x", 3)
        .allowOnly(violations.at("config").at("reduction"), Set.of("edges"));

    assertThat(violations.list())
        .extracting(Violation::toString)
        .containsExactly(
            "config.reduction.bins: is not an option of this method; allowed: edges",
            "config.reduction.x: is not an option of this method; allowed: edges");
  }
}
