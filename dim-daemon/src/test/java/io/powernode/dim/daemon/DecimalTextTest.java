package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "+1",
        "1.",
        ".5",
        "-.5",
        "007.50",
        "0.1",
        "9007199254740992",
        "9007199254740993",
        "900719925474099.3",
        "99999999999999999",
        "999999999999999999",
        "9223372036854775808",
        ".00000000000000001",
        ".12345678901234567",
        "0.30000000000000004",
        "123456789012345678901234567890",
        "1e5",
        "-1.5E-300",
        "1e-400",
        "1e400"
      })
  void number_howeverWritten_isReadToTheBit(String text) {
    assertReadToTheBit(text);
  }

  @Test
  void number_ofRandomDigits_isReadToTheBit() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
      int digits = random.nextInt(1, 21);
      for (int digit = 0; digit < digits; digit++) {
        text.append(random.nextInt(10));
      }
      if (random.nextBoolean()) {
        text.insert(text.length() - random.nextInt(digits + 1), '.');
      }
      assertReadToTheBit(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "-.",
        "--1",
        "+-1",
        "1-",
        "1.2.3",
        "1..2",
        "1,5",
        " 1",
        "1 ",
        "1_000",
        "1e",
        "e5",
        "NaN",
        "Infinity",
        "1d",
        "1f",
        "0x1p3",
        "\u0661",
        "12345678901234567890x"
      })
  void text_thatIsNoNumber_isNotRead(String text) {
    double value = Double.NaN;
    try {
      value = DecimalText.parse(text);
    } catch (NumberFormatException e) {
      // The other way to say so.
    }
    assertThat(value).isNaN();
  }

  private static void assertReadToTheBit(String text) {
    assertThat(Double.doubleToRawLongBits(DecimalText.parse(text)))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
  }
}
