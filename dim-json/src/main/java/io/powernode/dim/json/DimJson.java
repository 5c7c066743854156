package io.powernode.dim.json;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.PatternSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON of jobs, tensors, results and records. There are two forms. People's form is that of the
 * public contract: tensors as numbers, durations as seconds, fields in camelCase; reading it
 * accepts snake_case as well. Storage form is compact and lossless to the bit, with tensors as
 * base64.
 *
 * <p>Reading is strict (RFC 8259, and neither unknown nor repeated fields, nor null) and bounded:
 * by default 16 MiB, 64 levels, 2 million values, texts of 8 Mi characters, numbers and names of
 * 1000. What is wrong is said with its path; at most 1000 violations are listed.
 *
 * <p>Records are read and written by their components: texts, truth values, int, long, double,
 * enums, Duration, Instant, LocalDate, Tensor, Digest, TimeRange, Options, other records, sealed
 * interfaces of records, and Optional, List, Set and {@code Map<String, …>} of these. An empty
 * Optional, List, Set or Map is left out. A record must be open to reflection.
 *
 * <p>Immutable and thread-safe; keep one, it remembers the types that it has seen.
 */
public final class DimJson {

  private static final DimJson STANDARD =
      new DimJson(
          Map.of(
              CollaborativeSpec.PATTERN, CollaborativeSpec.class,
              ComparativeSpec.PATTERN, ComparativeSpec.class,
              ChainedSpec.PATTERN, ChainedSpec.class),
          Limits.OUTSIDE);

  private final Map<String, Class<? extends PatternSpec>> patterns;
  private final Limits limits;
  private final Codecs codecs;

  private DimJson(Map<String, Class<? extends PatternSpec>> patterns, Limits limits) {
    this.patterns = Map.copyOf(patterns);
    this.limits = limits;
    codecs = new Codecs(patterns);
  }

  /** Knows the three patterns of DIM. */
  public static DimJson standard() {
    return STANDARD;
  }

  /**
   * Knows one more pattern, or reads a known one into another type.
   *
   * @param pattern the name, as the record's {@link PatternSpec#pattern} gives it
   * @param specType a record whose components are the fields of {@code config}; fields that may be
   *     left out are Optional, List, Set or Map
   * @throws IllegalArgumentException if it is no record, or has a component {@code timeout}, which
   *     is every job's own
   */
  public DimJson with(String pattern, Class<? extends PatternSpec> specType) {
    if (!specType.isRecord()) {
      throw new IllegalArgumentException(specType.getName() + ": is no record; allowed: records");
    }
    if (Arrays.stream(specType.getRecordComponents())
        .anyMatch(c -> c.getName().equals("timeout"))) {
      throw new IllegalArgumentException(
          specType.getName() + ": has a component timeout, which every job has already");
    }
    Map<String, Class<? extends PatternSpec>> more = new LinkedHashMap<>(patterns);
    more.put(pattern, specType);
    return new DimJson(more, limits);
  }

  /** Reads documents of at most so many bytes from outside; above 0. */
  public DimJson maxDocument(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: is too small; allowed: 1 or more");
    }
    return new DimJson(patterns, limits.withDocument(bytes));
  }

  /**
   * Reads a submit body. The finished job has validated itself.
   *
   * @throws InvalidJobException with everything that is wrong with it
   */
  public JobSpec readJob(String json) {
    Reading in = new Reading(Form.JOB);
    return Documents.job(codecs.of(JobSpec.class), json, limits, in);
  }

  /**
   * Reads a submit body in UTF-8.
   *
   * @throws InvalidJobException with everything that is wrong with it
   */
  public JobSpec readJob(byte[] json) {
    Reading in = new Reading(Form.JOB);
    String text = Documents.utf8(json, limits, in);
    return Documents.job(codecs.of(JobSpec.class), text, limits, in);
  }

  /**
   * A job as a submit body; {@link #readJob(String)} gives an equal one. Only the payloads of NaNs
   * are lost.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if the pattern is not known, or an
   *     option's name cannot be told from a field's
   */
  public String writeJob(JobSpec spec) {
    return write(spec);
  }

  /** A status as the status call answers it. */
  public String writeStatus(JobStatus status) {
    return write(status);
  }

  /** An update as a frame of a subscription has it. */
  public String writeUpdate(JobUpdate update) {
    return write(update);
  }

  /** A result as the result call answers it. */
  public String writeResult(JobResult result) {
    return write(result);
  }

  /**
   * Reads what {@link #writeResult} wrote.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} and everything that is wrong with
   *     it
   */
  public JobResult readResult(String json) {
    return read(JobResult.class, json);
  }

  /**
   * Any record, or list or map of plain values, in people's form. A status or an update is an
   * answer that is not read again.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if there is no JSON for it
   */
  public String write(Object value) {
    return Documents.text(codecs, value, Form.TEXT);
  }

  /**
   * Reads people's form. A job comes by {@link #readJob(String)}, and so validated.
   *
   * @throws InvalidJobException for a job
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} and everything that is wrong with
   *     it
   */
  public <T> T read(Class<T> type, String json) {
    if (type == JobSpec.class) {
      return type.cast(readJob(json));
    }
    return Documents.value(
        codecs, type, json, limits, new Reading(Form.TEXT), ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * The storage form of a record, a case of a sealed interface, or a plain value: text, truth
   * value, number, time, tensor, enum constant, or a list or map of texts, truth values, Long,
   * Double, lists and maps.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} if there is no JSON for it
   */
  public byte[] encode(Object value) {
    return Documents.bytes(codecs, value, Form.STORAGE);
  }

  /**
   * Reads storage form.
   *
   * @param type of the value, or the sealed interface of which it is a case
   * @throws DimException with {@link ErrorCode#INTERNAL} if the bytes are damaged or of another
   *     type
   */
  public <T> T decode(Class<T> type, byte[] bytes) {
    Reading in = new Reading(Form.STORAGE);
    return Documents.stored(codecs, type, bytes, in);
  }
}
