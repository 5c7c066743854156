package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverSignalTest {
  private final OverSignal signal = new OverSignal();
  private final List<String> told = new ArrayList<>();

  @Test
  void tell_always_reachesOnceWhoWaitsAndWhoComesLater() {
    signal.whenOver(() -> told.add("early"));
    signal.whenOver(() -> told.add("gone")).close();
    assertThat(told).isEmpty();
    signal.tell();
    signal.tell();
    signal.whenOver(() -> told.add("late"));

    assertThat(told).containsExactly("early", "late");
  }

  @Test
  void close_ofManyThatDoNotWaitAnyMore_leavesNothingOfThem() {
    for (int i = 0; i < 1_000; i++) {
      Subscription waiting = signal.whenOver(() -> told.add("gone"));
      assertThat(signal.waiting()).isOne();
      waiting.close();
    }
    assertThat(signal.waiting()).isZero();
  }
}
