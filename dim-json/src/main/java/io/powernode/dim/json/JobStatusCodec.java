package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.ReviewRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Statuses as the status call answers them. */
final class JobStatusCodec extends AnswerCodec<JobStatus> {

  JobStatusCodec(Codecs codecs) {
    super(JobStatus.class, codecs);
  }

  @Override
  void writeFields(JobStatus value, JsonGenerator out, Form form) throws IOException {
    out.writeStringField("jobId", value.jobId());
    field("status", JobState.class, value.state(), out, form);
    out.writeStringField("pattern", value.pattern());
    progress(value.progress(), out);
    if (value.estimatedCompletion().isPresent()) {
      out.writeStringField("estimatedCompletion", seconds(value.estimatedCompletion().get()));
    }
    out.writeNumberField("costActual", value.costActual());
    out.writeArrayFieldStart("nodes");
    for (NodeProgress node : value.nodes()) {
      item(NodeProgress.class, node, out, form);
    }
    out.writeEndArray();
    if (value.error().isPresent()) {
      field("error", ErrorInfo.class, value.error().get(), out, form);
    }
    if (value.review().isPresent()) {
      field("review", ReviewRequest.class, value.review().get(), out, form);
    }
    out.writeStringField("userId", value.userId());
    field("submittedAt", Instant.class, value.submittedAt(), out, form);
    if (value.endedAt().isPresent()) {
      field("endedAt", Instant.class, value.endedAt().get(), out, form);
    }
  }

  /** As in {@code "45s"}; rounded up, so that nobody is told of no time at all. */
  private static String seconds(Duration duration) {
    return duration.plusNanos(999_999_999).getSeconds() + "s";
  }
}
