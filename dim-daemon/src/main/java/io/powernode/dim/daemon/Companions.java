package io.powernode.dim.daemon;

import io.powernode.dim.daemon.ReleaseGate.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks together that wait for a slot anyway, where their model gains from it. Nobody waits
 * for company, so a task that is alone runs as it would without this. Thread-safe.
 */
final class Companions {
  private static final Logger LOG = LoggerFactory.getLogger(Companions.class);

  /** Twice what a joint run takes at most: a task with less time left runs alone. */
  private static final Duration TIME_FOR_COMPANY = Duration.ofMillis(2);

  private final Slots slots;

  Companions(Slots slots) {
    this.slots = slots;
  }

  /** The task and those taken from the queue that can run with it. */
  List<TaskRun> of(TaskRun run) {
    List<TaskRun> together = new ArrayList<>(List.of(run));
    if (run.work() instanceof TensorWork work && !run.isOverIn(TIME_FOR_COMPANY)) {
      int most = work.run().togetherAtMost();
      if (most > 1) {
        together.addAll(slots.takeWaiting(other -> isCompany(other, work), most - 1));
      }
    }
    return together;
  }

  private static boolean isCompany(TaskRun other, TensorWork work) {
    return work.isAlike(other.work()) && !other.isOverIn(TIME_FOR_COMPANY);
  }

  /**
   * The answers of tasks that run together, in their order; none if one of them went wrong, and
   * then each is to run alone, so that only its own requester hears of it.
   */
  static List<Release> run(List<TaskRun> together) {
    List<TensorWork> works = together.stream().map(run -> (TensorWork) run.work()).toList();
    try {
      return works.get(0).run().onTensors(works);
      // Plugins and native code may fail with anything; alone, the task in question fails again.
    } catch (Throwable e) {
      LOG.debug("{} tasks do not run together: {}", works.size(), e.getClass().getName());
      return List.of();
    }
  }
}
