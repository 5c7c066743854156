package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.TraceStep;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results as the result call answers them: what was answered in one object, what it took beside.
 */
final class JobResultCodec extends Codec<JobResult> {

  private final Codecs codecs;

  JobResultCodec(Codecs codecs) {
    this.codecs = codecs;
  }

  private record Body(String jobId, Answer result, JobResult.Metadata metadata) {}

  private record Answer(JobOutput output, Evidence evidence, List<TraceStep> trace) {}

  @Override
  @Nullable JobResult read(Object json, Place at, Reading in) {
    if (in.form().isStorage()) {
      return (JobResult) codecs.ofRecord(JobResult.class).read(json, at, in);
    }
    Body body = (Body) codecs.ofRecord(Body.class).read(json, at, in);
    if (body == null) {
      return null;
    }
    Answer answer = body.result();
    return new JobResult(
        body.jobId(),
        JobState.COMPLETED,
        answer.output(),
        answer.evidence(),
        answer.trace(),
        body.metadata());
  }

  @Override
  void write(JobResult value, JsonGenerator out, Form form) throws IOException {
    if (form.isStorage()) {
      codecs.ofRecord(JobResult.class).write(value, out, form);
    } else {
      Answer answer = new Answer(value.output(), value.evidence(), value.trace());
      Body body = new Body(value.jobId(), answer, value.metadata());
      codecs.ofRecord(Body.class).write(body, out, form);
    }
  }

  @Override
  String allowed() {
    return "an object";
  }

  @Override
  @Nullable JobResult standIn(Reading in) {
    return null;
  }
}
