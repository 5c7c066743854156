package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>(5);

  @Test
  void requesters_withUnlikeLoad_areServedInTurn() {
    List.of("a1", "a2", "a3").forEach(element -> queue.offer("a", element));
    queue.offer("b", "b1");
    queue.offer("c", "c1");

    assertThat(drain()).containsExactly("a1", "b1", "c1", "a2", "a3");
  }

  @Test
  void requester_thatComesBack_goesBehindTheOthers() {
    queue.offer("a", "a1");
    queue.offer("b", "b1");
    queue.poll();
    queue.offer("a", "a2");

    assertThat(drain()).containsExactly("b1", "a2");
  }

  @Test
  void queue_whenFull_refusesUntilOneLeaves() {
    for (int i = 0; i < 5; i++) {
      assertThat(queue.offer("a", "a" + i)).isTrue();
    }

    assertThat(queue.offer("b", "b1")).isFalse();
    assertThat(queue.remove("a", "a2")).isTrue();
    assertThat(queue.offer("b", "b1")).isTrue();
    assertThat(queue.size()).isEqualTo(5);
    assertThat(drain()).containsExactly("a0", "b1", "a1", "a3", "a4");
  }

  @Test
  void elements_ofAKind_leaveOutOfTurnAndTheOthersStay() {
    List.of("a1", "b1", "a2").forEach(element -> queue.offer("first", element));
    List.of("a3", "b2").forEach(element -> queue.offer("second", element));

    assertThat(queue.take(element -> element.startsWith("a"), 2)).containsExactly("a1", "a2");
    assertThat(queue.take(element -> element.startsWith("a"), 2)).containsExactly("a3");
    assertThat(queue.size()).isEqualTo(2);
    assertThat(drain()).containsExactly("b1", "b2");
  }

  @Test
  void element_thatDoesNotWait_cannotBeRemoved() {
    queue.offer("a", "a1");

    assertThat(queue.remove("a", "a2")).isFalse();
    assertThat(queue.remove("b", "a1")).isFalse();
    assertThat(queue.size()).isEqualTo(1);
  }

  private List<String> drain() {
    List<String> all = new ArrayList<>();
    for (Optional<String> next = queue.poll(); next.isPresent(); next = queue.poll()) {
      all.add(next.get());
    }
    assertThat(queue.size()).isZero();
    return all;
  }
}
