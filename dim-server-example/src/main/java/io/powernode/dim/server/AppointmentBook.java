package io.powernode.dim.server;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeAction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hospital's appointments, in memory: what the demo's actions change. A slot that was given back
 * is offered last. Thread-safe.
 */
final class AppointmentBook {
  /** The plan that needs no appointment: the first of the model's labels. */
  private static final double DISCHARGE = 0;

  private final Map<String, Optional<String>> doctors;
  private final Deque<String> free;
  private final List<String> taken = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final Map<String, Map<String, Tensor>> done = new HashMap<>();

  /**
   * A book in which every slot is free.
   *
   * @param doctors who is on duty, by slot, in the order in which slots are offered
   */
  AppointmentBook(Map<String, Optional<String>> doctors) {
    this.doctors = new LinkedHashMap<>(doctors);
    free = new ArrayDeque<>(doctors.keySet());
  }

  /** One slot as it stands. */
  record Entry(String slot, String doctor, String state) {}

  /** All slots as they stand. */
  synchronized List<Entry> entries() {
    return doctors.entrySet().stream()
        .map(
            slot ->
                new Entry(
                    slot.getKey(),
                    slot.getValue().orElse("nobody"),
                    taken.contains(slot.getKey()) ? "taken" : "free"))
        .toList();
  }

  /** Everything that changed, in order. */
  synchronized List<String> history() {
    return List.copyOf(history);
  }

  /**
   * {@code reserve-slot}: from {@code plan} INT64 [n] to {@code slot} BYTES [n], empty for none.
   */
  NodeAction reserve() {
    return action("reserve-slot", this::reserve);
  }

  /** {@code release-slot}: gives back every {@code slot} of a reservation. */
  NodeAction release() {
    return action("release-slot", this::release);
  }

  /**
   * {@code assign-doctor}: from {@code plan} and {@code slot} to both and {@code doctor} BYTES [n];
   * changes nothing in the book, and fails where nobody is on duty.
   */
  NodeAction assign() {
    return action("assign-doctor", this::assign);
  }

  private Map<String, Tensor> reserve(Map<String, Tensor> input) {
    double[] plans = required(input, "plan").toDoubles();
    Deque<String> offered = new ArrayDeque<>(free);
    List<String> slots = new ArrayList<>();
    for (double plan : plans) {
      String slot = plan == DISCHARGE ? "" : offered.poll();
      if (slot == null) {
        throw new DimException(
            ErrorCode.UNAVAILABLE, "fewer slots are free than patients need one");
      }
      slots.add(slot);
    }
    for (String slot : slots) {
      if (free.remove(slot)) {
        taken.add(slot);
        history.add("reserved " + slot);
      }
    }
    return Map.of("slot", Tensor.ofStrings(slots));
  }

  private Map<String, Tensor> release(Map<String, Tensor> input) {
    for (String slot : required(input, "slot").strings()) {
      if (taken.remove(slot)) {
        free.addLast(slot);
        history.add("released " + slot);
      }
    }
    return Map.of();
  }

  private Map<String, Tensor> assign(Map<String, Tensor> input) {
    Tensor slots = required(input, "slot");
    List<String> assigned = new ArrayList<>();
    for (String slot : slots.strings()) {
      assigned.add(
          slot.isEmpty()
              ? ""
              : doctors.getOrDefault(slot, Optional.empty()).orElseThrow(() -> nobodyOnDuty(slot)));
    }
    Map<String, Tensor> output = new LinkedHashMap<>();
    output.put("plan", required(input, "plan"));
    output.put("slot", slots);
    output.put("doctor", Tensor.ofStrings(assigned));
    return output;
  }

  /** No use trying again with the same slot. */
  private static DimException nobodyOnDuty(String slot) {
    return new DimException(ErrorCode.CONFLICT, "slot: is " + slot + ", when no doctor is on duty");
  }

  private static Tensor required(Map<String, Tensor> input, String name) {
    Tensor tensor = input.get(name);
    if (tensor == null) {
      throw new DimException(
          ErrorCode.INVALID_DATA, name + ": is missing; allowed: a tensor of this name");
    }
    return tensor;
  }

  @FunctionalInterface
  private interface Change {
    Map<String, Tensor> apply(Map<String, Tensor> input);
  }

  private NodeAction action(String name, Change change) {
    return new NodeAction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Map<String, Tensor> perform(Map<String, Tensor> input, String idempotencyKey) {
        synchronized (AppointmentBook.this) {
          String key = name + "/" + idempotencyKey;
          Map<String, Tensor> answer = done.get(key);
          if (answer == null) {
            answer = change.apply(input);
            done.put(key, answer);
          }
          return answer;
        }
      }
    };
  }
}
