package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Job specifications as submit bodies have them; the time-out stands in the configuration. */
final class JobSpecCodec extends Codec<JobSpec> {

  private static final String TIMEOUT = "timeout";

  private final PatternCodec patterns;

  JobSpecCodec(PatternCodec patterns) {
    this.patterns = patterns;
  }

  /** A submit body, before it is known which pattern it is for. */
  private record Body(
      String pattern,
      Tree config,
      Optional<Priority> priority,
      Optional<Long> maxCost,
      Optional<Duration> timeout,
      Optional<String> idempotencyKey,
      Optional<String> purpose,
      Map<String, Tensor> inputData) {}

  @Override
  @Nullable JobSpec read(Object json, Place at, Reading in) {
    Body body = (Body) patterns.codecs().ofRecord(Body.class).read(json, at, in);
    if (body == null) {
      return null;
    }
    Duration timeout = timeout(body, at, in);
    Tree config = body.config();
    if (config.json() instanceof Map<?, ?> object) {
      Map<Object, Object> rest = new LinkedHashMap<>(object);
      rest.remove(TIMEOUT);
      config = new Tree(rest);
    }
    PatternSpec spec = patterns.readConfig(body.pattern(), config, at, in, List.of(TIMEOUT));
    return new JobSpec(
        spec == null ? patterns.standIn(in) : spec,
        body.priority().orElse(Priority.NORMAL),
        body.maxCost(),
        timeout,
        body.idempotencyKey(),
        body.purpose(),
        body.inputData());
  }

  private static Duration timeout(Body body, Place at, Reading in) {
    Place inConfig = at.field(PatternCodec.CONFIG).field(TIMEOUT);
    Object json = body.config().json() instanceof Map<?, ?> config ? config.get(TIMEOUT) : null;
    if (json == null) {
      in.moved(inConfig, body.timeout().isPresent() ? at.field(TIMEOUT) : inConfig);
      return body.timeout().orElse(JobSpec.DEFAULT_TIMEOUT);
    }
    if (body.timeout().isPresent()) {
      in.refuse(inConfig, "is there twice", "a timeout here or at the top, not both");
    }
    Duration timeout = DurationCodec.INSTANCE.read(json, inConfig, in);
    return timeout == null ? JobSpec.DEFAULT_TIMEOUT : timeout;
  }

  @Override
  void write(JobSpec value, JsonGenerator out, Form form) throws IOException {
    out.writeStartObject();
    out.writeStringField(PatternCodec.PATTERN, value.pattern());
    out.writeObjectFieldStart(PatternCodec.CONFIG);
    patterns.writeFields(value.config(), out, form);
    out.writeFieldName(TIMEOUT);
    DurationCodec.INSTANCE.write(value.timeout(), out, form);
    out.writeEndObject();
    Body rest =
        new Body(
            value.pattern(),
            new Tree(Map.of()),
            Optional.of(value.priority()),
            value.maxCost(),
            Optional.empty(),
            value.idempotencyKey(),
            value.purpose(),
            value.inputData());
    patterns
        .codecs()
        .ofRecord(Body.class)
        .writeFields(rest, out, form, List.of(PatternCodec.PATTERN, PatternCodec.CONFIG));
    out.writeEndObject();
  }

  @Override
  String allowed() {
    return "an object";
  }

  @Override
  @Nullable JobSpec standIn(Reading in) {
    return null;
  }
}
