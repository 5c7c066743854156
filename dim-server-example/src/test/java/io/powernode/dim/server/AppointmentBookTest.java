package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppointmentBookTest {
  private final AppointmentBook book = new AppointmentBook(duty());

  private static Map<String, Optional<String>> duty() {
    Map<String, Optional<String>> duty = new LinkedHashMap<>();
    duty.put("eight", Optional.empty());
    duty.put("nine", Optional.of("Dr A"));
    return duty;
  }

  private List<String> reserve(String key, long... plans) {
    return book.reserve().perform(Map.of("plan", Tensor.ofLongs(plans)), key).get("slot").strings();
  }

  private Map<String, Tensor> assign(String slot) {
    return book.assign()
        .perform(
            Map.of("plan", Tensor.ofLongs(new long[] {1}), "slot", Tensor.ofStrings(List.of(slot))),
            "assign");
  }

  private void release(String key, String slot) {
    book.release().perform(Map.of("slot", Tensor.ofStrings(List.of(slot))), key);
  }

  private List<String> states() {
    return book.entries().stream().map(AppointmentBook.Entry::state).toList();
  }

  @Test
  void reservation_always_isForPatientsWhoArePlannedSomething() {
    assertThat(reserve("k", 0, 2, 1)).containsExactly("", "eight", "nine");
    assertThat(states()).containsExactly("taken", "taken");
  }

  @Test
  void reservation_underTheSameKey_changesNothingAndAnswersTheSame() {
    assertThat(reserve("k", 1)).isEqualTo(reserve("k", 1)).containsExactly("eight");
    assertThat(book.history()).containsExactly("reserved eight");
  }

  @Test
  void reservation_ofMoreThanIsFree_isATransientFailureThatTakesNothing() {
    assertThatExceptionOfType(DimException.class)
        .isThrownBy(() -> reserve("k", 1, 1, 1))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .satisfies(e -> assertThat(e.retryable()).isTrue());
    assertThat(states()).containsExactly("free", "free");
  }

  @Test
  void release_always_offersTheSlotLast() {
    reserve("k", 1);
    release("undo", "eight");
    assertThat(states()).containsExactly("free", "free");
    assertThat(reserve("k2", 1)).containsExactly("nine");
  }

  @Test
  void release_underTheSameKey_doesNotTakeBackALaterReservation() {
    reserve("k", 1);
    release("undo", "eight");
    reserve("k2", 1, 1);
    release("undo", "eight");
    assertThat(states()).containsExactly("taken", "taken");
  }

  @Test
  void assignment_whereNobodyIsOnDuty_fails() {
    assertThatExceptionOfType(DimException.class)
        .isThrownBy(() -> assign("eight"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .withMessageContaining("eight");
  }

  @Test
  void assignment_elsewhere_namesTheDoctorBesidePlanAndSlot() {
    assertThat(assign("nine")).containsOnlyKeys("plan", "slot", "doctor");
    assertThat(assign("nine").get("doctor").strings()).containsExactly("Dr A");
  }

  @Test
  void action_withoutItsInput_isRefusedByName() {
    assertThatExceptionOfType(DimException.class)
        .isThrownBy(() -> book.reserve().perform(Map.of(), "k"))
        .withMessage("plan: is missing; allowed: a tensor of this name");
  }
}
