package io.powernode.dim.testkit;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What a {@link FakeNode} does with a task. Immutable. */
public final class Reply {
  private final Kind kind;
  private final Function<TaskEnvelope, Map<String, Tensor>> outputs;
  private final ErrorInfo error;
  private final OptionalLong samples;
  private final Duration delay;

  private Reply(
      Kind kind,
      Function<TaskEnvelope, Map<String, Tensor>> outputs,
      ErrorInfo error,
      OptionalLong samples,
      Duration delay) {
    this.kind = kind;
    this.outputs = outputs;
    this.error = error;
    this.samples = samples;
    this.delay = delay;
  }

  enum Kind {
    ANSWER,
    LOSE_ANSWER,
    FAIL,
    HANG,
    VANISH
  }

  /** Answers with these tensors. */
  public static Reply answer(Map<String, Tensor> outputs) {
    return answer(task -> outputs);
  }

  /** Answers with what a function makes of the task. */
  public static Reply answer(Function<TaskEnvelope, Map<String, Tensor>> outputs) {
    return of(Kind.ANSWER, outputs, ErrorInfo.of(ErrorCode.NODE_LOST, "the answer was lost"));
  }

  /** Fails; whether it may be tried again is as usual for the code. */
  public static Reply fail(ErrorCode code) {
    return fail(ErrorInfo.of(code, "a scripted failure"));
  }

  /** Fails with this error. */
  public static Reply fail(ErrorInfo error) {
    return of(Kind.FAIL, task -> Map.of(), error);
  }

  /** Works on until it is cancelled. */
  public static Reply hang() {
    return of(Kind.HANG, task -> Map.of(), ErrorInfo.of(ErrorCode.CANCELLED, "cancelled"));
  }

  /** Never answers, cancelled or not, and neither does anything else that runs on the node. */
  public static Reply vanish() {
    return of(Kind.VANISH, task -> Map.of(), ErrorInfo.of(ErrorCode.NODE_LOST, "vanished"));
  }

  private static Reply of(
      Kind kind, Function<TaskEnvelope, Map<String, Tensor>> outputs, ErrorInfo error) {
    return new Reply(kind, outputs, error, OptionalLong.empty(), Duration.ZERO);
  }

  /** The same after this time, during which the task can be cancelled. */
  public Reply after(Duration time) {
    return new Reply(kind, outputs, error, samples, time);
  }

  /**
   * The same over this many rows; else the rows of the cabinet that the task names, or 1 if it
   * names none.
   */
  public Reply samples(long rows) {
    return new Reply(kind, outputs, error, OptionalLong.of(rows), delay);
  }

  /** The same work, done and kept by the node, but what arrives is {@link ErrorCode#NODE_LOST}. */
  public Reply losingTheAnswer() {
    return new Reply(Kind.LOSE_ANSWER, outputs, error, samples, delay);
  }

  /** The same answer with NaN as the first element of every floating tensor. */
  public Reply withNaN() {
    return new Reply(kind, outputs.andThen(WrongTensors::withNaN), error, samples, delay);
  }

  /** The same answer with every tensor flattened and one element too long. */
  public Reply misshapen() {
    return new Reply(kind, outputs.andThen(WrongTensors::misshapen), error, samples, delay);
  }

  Kind kind() {
    return kind;
  }

  Map<String, Tensor> outputs(TaskEnvelope task) {
    return outputs.apply(task);
  }

  ErrorInfo error() {
    return error;
  }

  OptionalLong samples() {
    return samples;
  }

  Duration delay() {
    return delay;
  }
}
