package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobUpdate;
import java.io.IOException;
import java.time.Instant;

/** Updates as the frames of a subscription have them. */
final class JobUpdateCodec extends AnswerCodec<JobUpdate> {

  JobUpdateCodec(Codecs codecs) {
    super(JobUpdate.class, codecs);
  }

  @Override
  void writeFields(JobUpdate value, JsonGenerator out, Form form) throws IOException {
    out.writeStringField("jobId", value.jobId());
    field("status", JobState.class, value.state(), out, form);
    progress(value.progress(), out);
    field("timestamp", Instant.class, value.timestamp(), out, form);
  }
}
