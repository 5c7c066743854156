package io.powernode.dim.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Removes changes that are both old and many, in small batches. It goes by what it saw itself and a
 * clock that never goes back, so that no wrong clock makes the log forget too early. One thread.
 */
final class ChangeTrim implements Runnable {
  private static final int BATCH = 1000;
  private static final int MARKS = 16;

  private final ChangeLog log;
  private final LongSupplier nanoTime;
  private final int kept;
  private final long keptNanos;
  private final Deque<Mark> marks = new ArrayDeque<>();

  /**
   * A trim.
   *
   * @param kept how many changes of each stream stay, however old
   * @param keptFor how long they all stay, however many
   */
  ChangeTrim(ChangeLog log, LongSupplier nanoTime, int kept, Duration keptFor) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.kept = kept;
    this.keptNanos = keptFor.toNanos();
  }

  /** How far the streams had come at some time. */
  private record Mark(long nanos, Map<String, Long> last) {}

  @Override
  public void run() {
    Map<String, Long> last = log.last();
    long now = nanoTime.getAsLong();
    if (marks.isEmpty() || now - marks.getLast().nanos >= keptNanos / MARKS) {
      marks.add(new Mark(now, last));
    }
    Optional<Mark> old = Optional.empty();
    while (!marks.isEmpty() && now - marks.element().nanos >= keptNanos) {
      old = Optional.of(marks.remove());
    }
    old.ifPresent(
        mark ->
            mark.last.forEach(
                (stream, at) -> trim(stream, Math.min(at, last.getOrDefault(stream, at) - kept))));
  }

  private void trim(String stream, long bound) {
    long next = log.oldest(stream);
    while (next > 0 && next <= bound) {
      long end = Math.min(bound, next + BATCH - 1);
      log.removeUpTo(stream, end);
      next = end + 1;
    }
  }
}
