package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
  private final Random random = new Random(5);

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "3, 400", "6, 3200", "7, 5000", "100, 5000"})
  void delay_withoutJitter_growsUpToTheCap(int attempt, long millis) {
    RetryPolicy policy = new RetryPolicy(100, Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0);

    assertThat(policy.delay(attempt, random)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"1, 80, 100", "3, 320, 400", "4, 640, 800"})
  void delay_ofTheStandardPolicy_isRandomByAFifth(int attempt, long least, long most) {
    Set<Duration> delays = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      delays.add(RetryPolicy.standard().delay(attempt, random));
    }

    assertThat(delays)
        .hasSizeGreaterThan(900)
        .allMatch(d -> d.compareTo(Duration.ofMillis(least)) >= 0)
        .allMatch(d -> d.compareTo(Duration.ofMillis(most)) <= 0)
        .anyMatch(d -> d.toMillis() < least + (most - least) / 4)
        .anyMatch(d -> d.toMillis() > most - (most - least) / 4);
  }

  @Test
  void delay_withTheSameSeed_isTheSame() {
    RetryPolicy policy = RetryPolicy.standard();

    assertThat(policy.delay(2, new Random(1))).isEqualTo(policy.delay(2, new Random(1)));
  }

  @Test
  void delay_withExtremeSettings_staysWithinTheCap() {
    RetryPolicy policy = new RetryPolicy(100, Duration.ofDays(1), 100, Duration.ofDays(1), 0);

    assertThat(policy.delay(100, random)).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void delay_withoutInitialDelay_isNone() {
    RetryPolicy policy = new RetryPolicy(3, Duration.ZERO, 2, Duration.ofSeconds(1), 0.5);

    assertThat(policy.delay(3, random)).isZero();
  }

  @Test
  void standard_always_hasTheDocumentedValues() {
    assertThat(RetryPolicy.standard())
        .isEqualTo(new RetryPolicy(4, Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.2));
    assertThat(RetryPolicy.never().maxAttempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 2, 5, 0.2, 'maxAttempts: is out of range; allowed: 1 to 100'",
    "101, 1, 2, 5, 0.2, 'maxAttempts: is out of range; allowed: 1 to 100'",
    "4, -1, 2, 5, 0.2, 'initialDelay: is out of range; allowed: 0 to 1 day'",
    "4, 100000, 2, 100000, 0.2, 'initialDelay: is out of range; allowed: 0 to 1 day'",
    "4, 1, 0.9, 5, 0.2, 'multiplier: is out of range; allowed: 1 to 100'",
    "4, 1, NaN, 5, 0.2, 'multiplier: is out of range; allowed: 1 to 100'",
    "4, 1, Infinity, 5, 0.2, 'multiplier: is out of range; allowed: 1 to 100'",
    "4, 6, 2, 5, 0.2, 'maxDelay: is out of range; allowed: initialDelay to 1 day'",
    "4, 1, 2, 100000, 0.2, 'maxDelay: is out of range; allowed: initialDelay to 1 day'",
    "4, 1, 2, 5, 1.1, 'jitter: is out of range; allowed: 0 to 1'",
    "4, 1, 2, 5, NaN, 'jitter: is out of range; allowed: 0 to 1'"
  })
  void policy_outOfRange_isRefusedWithFieldAndRange(
      int attempts, long initial, double multiplier, long max, double jitter, String message) {
    assertThatThrownBy(
            () ->
                new RetryPolicy(
                    attempts,
                    Duration.ofSeconds(initial),
                    multiplier,
                    Duration.ofSeconds(max),
                    jitter))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage(message);
  }

  @Test
  void delay_beforeTheFirstAttempt_isRefused() {
    assertThatThrownBy(() -> RetryPolicy.standard().delay(0, random))
        .hasMessage("attempt: is out of range; allowed: 1 or more");
  }
}
