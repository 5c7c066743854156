package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whole documents, in and out. */
final class Documents {

  private static final JsonFactory TEXT = factory(Limits.OUTSIDE.depth());
  private static final JsonFactory STORAGE = factory(Limits.STORED.depth());

  private Documents() {}

  /** Only the library's own writer gives a double the same, shortest digits on every JDK. */
  private static JsonFactory factory(int depth) {
    return JsonFactory.builder()
        .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
        .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(depth).build())
        .build();
  }

  static JobSpec job(Codec<Object> codec, String json, Limits limits, Reading in) {
    JobSpec spec = (JobSpec) read(codec, json, limits, in);
    if (spec != null) {
      validate(spec, in);
    }
    if (spec == null || in.count() > 0) {
      throw new InvalidJobException(in.violations());
    }
    return spec;
  }

  private static void validate(JobSpec spec, Reading in) {
    Violations own = Violations.none();
    try {
      spec.validate(own);
      in.merge(own.list());
    } catch (StopReading e) {
      // The violation that says so is the last one.
      return;
    } catch (RuntimeException e) {
      // Stand-ins may break what a plugin's validation takes for granted; then what was found
      // before is the answer. Without them it is the plugin's own defect.
      if (in.count() == 0) {
        throw e;
      }
    }
  }

  /** Bytes as text; bytes that are not UTF-8 are no document. */
  static String utf8(byte[] json, Limits limits, Reading in) {
    if (json.length > limits.document()) {
      in.refuse(Place.ROOT, "is too large", "at most " + limits.document() + " bytes");
      throw new InvalidJobException(in.violations());
    }
    return ByteStringCodec.utf8(ByteBuffer.wrap(json))
        .orElseThrow(
            () -> {
              in.refuse(Place.ROOT, "is not UTF-8", "JSON in UTF-8");
              return new InvalidJobException(in.violations());
            });
  }

  static <T> T value(
      Codecs codecs, Class<T> type, String json, Limits limits, Reading in, ErrorCode ifBad) {
    Object value;
    try {
      value = read(codecs.of(type), json, limits, in);
    } catch (IllegalArgumentException e) {
      throw withoutJson(e);
    }
    if (value == null || in.count() > 0) {
      throw refusal(type, in.violations(), ifBad);
    }
    return boxed(type).cast(value);
  }

  static <T> T stored(Codecs codecs, Class<T> type, byte[] bytes, Reading in) {
    String text =
        ByteStringCodec.utf8(ByteBuffer.wrap(bytes))
            .orElseThrow(
                () -> {
                  in.refuse(Place.ROOT, "is not UTF-8", "what encode wrote");
                  return refusal(type, in.violations(), ErrorCode.INTERNAL);
                });
    return value(codecs, type, text, Limits.STORED, in, ErrorCode.INTERNAL);
  }

  private static @Nullable Object read(
      Codec<Object> codec, String json, Limits limits, Reading in) {
    try {
      return codec.read(TreeReader.read(json, limits, in), Place.ROOT, in);
    } catch (StopReading e) {
      return null;
    }
  }

  static String text(Codecs codecs, Object value, Form form) {
    return new String(bytes(codecs, value, form), StandardCharsets.UTF_8);
  }

  static byte[] bytes(Codecs codecs, Object value, Form form) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = generator(bytes, form)) {
      codecs.ofValue(value).write(value, out, form);
    } catch (IOException e) {
      // A byte array takes everything: only the nesting can be wrong.
      throw new DimException(
          ErrorInfo.of(
              ErrorCode.INVALID_ARGUMENT,
              name(value.getClass())
                  + ": is nested too deeply; allowed: "
                  + (form.isStorage() ? Limits.STORED : Limits.OUTSIDE).depth()
                  + " levels"),
          e);
    } catch (IllegalArgumentException e) {
      throw withoutJson(e);
    }
    return bytes.toByteArray();
  }

  private static JsonGenerator generator(ByteArrayOutputStream bytes, Form form)
      throws IOException {
    return new UnicodeGenerator((form.isStorage() ? STORAGE : TEXT).createGenerator(bytes));
  }

  private static DimException withoutJson(IllegalArgumentException e) {
    return new DimException(
        ErrorInfo.of(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage())), e);
  }

  private static DimException refusal(Class<?> type, List<Violation> violations, ErrorCode code) {
    return new DimException(
        code,
        name(type)
            + " cannot be read: "
            + violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
  }

  private static String name(Class<?> type) {
    return type.getSimpleName();
  }

  @SuppressWarnings("unchecked")
  private static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }
}
