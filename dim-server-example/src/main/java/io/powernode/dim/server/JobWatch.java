package io.powernode.dim.server;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.Subscription;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Draws how far a job is, on one line that it overwrites and clears at the end. Uses no escape
 * sequence but the carriage return. Thread-safe.
 */
final class JobWatch implements JobListener, AutoCloseable {
  private static final int CELLS = 24;

  private final PrintWriter out;
  private final String title;
  private Optional<Subscription> updates = Optional.empty();
  private int drawn;
  private boolean closed;

  /** A watch that draws nothing until it follows a job. */
  JobWatch(PrintWriter out, String title) {
    this.out = out;
    this.title = title;
  }

  /** Draws that the job was accepted, and its updates from now on. */
  synchronized void follow(JobHandle job) {
    draw(line(Progress.none()));
    updates = Optional.of(job.subscribe(this));
  }

  @Override
  public synchronized void onUpdate(JobUpdate update) {
    if (!closed) {
      draw(line(update.progress()));
    }
  }

  /** Clears the line; updates that come later change nothing. */
  @Override
  public synchronized void close() {
    updates.ifPresent(Subscription::close);
    if (!closed && drawn > 0) {
      draw("");
      out.print('\r');
      out.flush();
    }
    closed = true;
  }

  private String line(Progress progress) {
    if (progress.totalSteps() == 0) {
      return title + " ...";
    }
    int filled = CELLS * progress.percentComplete() / 100;
    return "%s [%s%s] %3d %%  %d of %d steps"
        .formatted(
            title,
            "#".repeat(filled),
            "-".repeat(CELLS - filled),
            progress.percentComplete(),
            progress.completedSteps(),
            progress.totalSteps());
  }

  private void draw(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }
}
