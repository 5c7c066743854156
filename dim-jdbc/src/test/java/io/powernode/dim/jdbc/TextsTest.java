package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

  static List<List<String>> lists() {
    return List.of(
        List.of(),
        List.of(""),
        List.of("", ""),
        List.of("a", "1:b", "2:"),
        List.of(":", "::", "10:0123456789"),
        List.of("ä", "\ud83d\ude00", "a\nb"));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void split_ofWhatWasJoined_isTheSame(List<String> texts) {
    assertThat(Texts.split(Texts.join(texts))).isEqualTo(texts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "ä", "\ud83d\ude00", "\uffff", "\ue000"})
  void isStorable_ofText_holds(String text) {
    assertThat(Texts.isStorable(text)).isTrue();
    Texts.require("key", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\u0000b", "\ud83d", "\ude00", "\ud83dx", "\ude00\ud83d"})
  void isStorable_ofOtherThings_doesNotHold(String text) {
    assertThat(Texts.isStorable(text)).isFalse();
    assertThatThrownBy(() -> Texts.require("key", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key: holds U+0000 or an unpaired surrogate; allowed: other text");
  }

  static List<Arguments> successors() {
    String last = Character.toString(Character.MAX_CODE_POINT);
    return List.of(
        Arguments.of("a", Optional.of("b")),
        Arguments.of("user/ann/", Optional.of("user/ann0")),
        Arguments.of("a\ud7ff", Optional.of("a\ue000")),
        Arguments.of("a\uffff", Optional.of("a\ud800\udc00")),
        Arguments.of("a" + last, Optional.of("b")),
        Arguments.of("a" + last + last, Optional.of("b")),
        Arguments.of(last, Optional.empty()),
        Arguments.of("", Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("successors")
  void afterAll_ofAPrefix_isTheNextText(String prefix, Optional<String> next) {
    assertThat(Texts.afterAll(prefix)).isEqualTo(next);
  }
}
