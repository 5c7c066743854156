package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobListener;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Progress;
import io.powernode.dim.testkit.JobListenerContract;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JobWatchTest {
  private final StringWriter out = new StringWriter();
  private final JobWatch watch = new JobWatch(new PrintWriter(out), "Vote");

  private void update(int done, int total) {
    watch.onUpdate(
        new JobUpdate("job-1", 1, JobState.RUNNING, new Progress(done, total), Instant.EPOCH));
  }

  @Test
  void line_always_showsStepsAndTheirShare() {
    update(1, 4);
    assertThat(out).hasToString("\rVote [######------------------]  25 %  1 of 4 steps");
  }

  @Test
  void line_beforeTheStepsAreKnown_claimsNothing() {
    update(0, 0);
    assertThat(out).hasToString("\rVote ...");
  }

  @Test
  void line_shorterThanTheOneBefore_isPaddedOver() {
    update(4, 4);
    int longer = out.toString().length() - 1;
    update(0, 0);
    assertThat(out.toString().substring(longer + 2)).hasSize(longer).startsWith("Vote ...");
  }

  @Test
  void close_always_clearsTheLineAndEndsTheDrawing() {
    update(0, 0);
    watch.close();
    update(4, 4);
    watch.close();
    assertThat(out).hasToString("\rVote ...\r        \r");
  }

  @Test
  void close_beforeAnyUpdate_printsNothing() {
    watch.close();
    assertThat(out).hasToString("");
  }

  @Nested
  class Contract extends JobListenerContract {
    @Override
    protected JobListener create() {
      return watch;
    }
  }
}
