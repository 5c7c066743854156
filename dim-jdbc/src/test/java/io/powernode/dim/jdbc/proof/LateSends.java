package io.powernode.dim.jdbc.proof;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells steps that are sent again from those that are sent late, for the first time: a process that
 * stands still just before it sends a step may have given it up, and written that down, when it
 * goes on. It is late only if it was never sent before and the process itself wrote the answer,
 * which it may report after the send.
 */
final class LateSends {
  private final Set<String> sent = new HashSet<>();
  private final Map<String, String> writers = new HashMap<>();
  private final Map<String, String> unexplained = new HashMap<>();

  /** Whether a step, whose answer is durable, is not sent again as far as is known. */
  boolean maySend(String process, String fact) {
    String writer = writers.get(fact);
    boolean isLate = !sent.contains(fact) && (writer == null || writer.equals(process));
    if (isLate && writer == null) {
      unexplained.put(fact, process);
    }
    return isLate;
  }

  /** A step is sent. */
  void sent(String fact) {
    sent.add(fact);
  }

  /** An answer is durable; false if another process has sent its step since. */
  boolean written(String process, String fact) {
    writers.putIfAbsent(fact, process);
    String sender = unexplained.remove(fact);
    return sender == null || sender.equals(process);
  }

  /** Answers that were sent late, and that nobody has said to have written. */
  Set<String> unexplained() {
    return unexplained.keySet();
  }
}
