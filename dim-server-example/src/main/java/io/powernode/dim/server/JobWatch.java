package io.powernode.dim.server;

import io.powernode.dim.api.JobHandle;
import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.Subscription;
import java.io.PrintWriter;
import java.util.Optional;

/** Draws how far a job is, on a line that it clears at the end. Thread-safe. */
final class JobWatch implements JobListener, AutoCloseable {
  private static final int CELLS = 24;

  private final StatusLine line;
  private final String title;
  private Optional<Subscription> updates = Optional.empty();

  /** A watch that draws nothing until it follows a job. */
  JobWatch(PrintWriter out, String title) {
    this.line = new StatusLine(out);
    this.title = title;
  }

  /** Draws that the job was accepted, and its updates from now on. */
  synchronized void follow(JobHandle job) {
    line.draw(text(Progress.none()));
    updates = Optional.of(job.subscribe(this));
  }

  @Override
  public void onUpdate(JobUpdate update) {
    line.draw(text(update.progress()));
  }

  /** Clears the line; updates that come later change nothing. */
  @Override
  public synchronized void close() {
    updates.ifPresent(Subscription::close);
    line.close();
  }

  private String text(Progress progress) {
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
}
