package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobPage;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored comes back equal, to the bit; what is damaged is refused. */
class StorageFormTest {

  private static final DimJson JSON = DimJson.standard();

  @ParameterizedTest
  @ValueSource(
      classes = {
        JobSpec.class,
        JobResult.class,
        JobStatus.class,
        JobUpdate.class,
        JobPage.class,
        JobFilter.class,
        ModelDescriptor.class,
        NodeRecord.class,
        Review.class,
        ReviewRequest.class,
        ErrorInfo.class,
        Task.class,
        TaskInput.class,
        TaskResult.class,
        TaskResults.class,
        TaskEnvelope.class,
        PatternResult.class,
        PatternContext.ReviewAnswer.class,
        NodeSet.class,
        Partial.class,
        RollbackOutcome.class,
        Tensor.class,
        Instant.class,
        Priority.class,
        String.class,
        Boolean.class,
        Integer.class,
        Long.class,
        Double.class
      })
  void value_ofAnyStoredType_comesBackEqual(Class<?> type) {
    for (long seed = 0; seed < 100; seed++) {
      Object value = new RandomValues(seed).of(type);

      assertThat((Object) JSON.decode(type, JSON.encode(value)))
          .as("seed %d", seed)
          .isEqualTo(value);
    }
  }

  @Test
  void list_ofPlainValues_comesBackEqual() {
    List<Object> value = List.of("a", true, 1L, 1.5, List.of("b"), Map.of("c", 2L));

    assertThat((Object) JSON.decode(List.class, JSON.encode(value))).isEqualTo(value);
    assertThat((Object) JSON.decode(Map.class, JSON.encode(Map.of("x", value))))
        .isEqualTo(Map.of("x", value));
  }

  @Test
  void patternSpec_onItsOwn_comesBackWithItsPattern() {
    PatternSpec spec = JobSpec.comparative("a", "b").build().config();

    assertThat(JSON.decode(PatternSpec.class, JSON.encode(spec))).isEqualTo(spec);
  }

  @Test
  void payloadOfNaN_inATensor_survives() {
    ByteBuffer bits = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bits.putLong(0, 0x7ff8_dead_beef_0001L);
    Tensor tensor = Tensor.wrap(DataType.FP64, new long[0], bits);

    Tensor read = JSON.decode(Tensor.class, JSON.encode(tensor));

    assertThat(read.data().getLong(0)).isEqualTo(0x7ff8_dead_beef_0001L);
  }

  @Test
  void caseOfASealedInterface_whenStored_saysWhichItIs() {
    TaskResult failure = TaskResult.failure("n", ErrorInfo.of(ErrorCode.NODE_LOST, "gone"), 5);

    assertThat(new String(JSON.encode(failure), StandardCharsets.UTF_8))
        .startsWith("{\"kind\":\"failure\",\"nodeId\":\"n\",\"error\":{\"code\":\"NODE_LOST\",");
    assertThat(JSON.decode(TaskResult.Failure.class, JSON.encode(failure))).isEqualTo(failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"kind\":\"success\"}",
        "{\"kind\":\"nothing\"}",
        "{\"nodeId\":\"n\"}",
        "{\"kind\":\"failure\",\"nodeId\":\"n\",\"error\":{\"code\":\"NODE_LOST\",\"message\":\"m\","
            + "\"retryable\":true},\"durationMs\":1,\"attempts\":1,\"more\":1}",
        "{\"kind\":\"success\",\"nodeId\":\"n\",\"outputs\":[{\"name\":\"x\",\"datatype\":\"FP32\","
            + "\"shape\":[2],\"data\":\"AAAA\"}],\"samples\":1,\"outputDigest\":\"sha256:"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"durationMs\":1,"
            + "\"attempts\":1}",
      })
  void damagedBytes_whenDecoded_areAnInternalError(String damaged) {
    byte[] bytes = damaged.getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> JSON.decode(TaskResult.class, bytes))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
  }

  @Test
  void truncatedBytes_whenDecoded_areAnInternalErrorAtEveryLength() {
    byte[] whole = JSON.encode(TaskResult.success("n", Map.of("x", Tensor.scalar(1.5)), 3, 7));

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> JSON.decode(TaskResult.class, part))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }
  }

  record WithCallback(String name, Supplier<String> callback) {}

  record Loop(String name, Optional<Loop> next, List<Loop> more) {}

  @Test
  void value_withoutJsonForm_isRefused() {
    for (Object value :
        List.of(
            new WithCallback("a", () -> "b"),
            new Object(),
            List.of(new Loop("a", Optional.empty(), List.of())))) {
      assertThatThrownBy(() -> JSON.encode(value))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
    assertThatThrownBy(() -> JSON.decode(WithCallback.class, new byte[] {'{', '}'}))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void record_thatContainsItself_comesBackEqual() {
    Loop value = new Loop("a", Optional.of(new Loop("b", Optional.empty(), List.of())), List.of());

    assertThat(JSON.decode(Loop.class, JSON.encode(value))).isEqualTo(value);
  }

  @Test
  void textThatIsNotUnicode_whenWritten_isRefused() {
    assertThatThrownBy(() -> JSON.encode("\ud800"))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void nestingBeyondTheLimit_whenWritten_isRefused() {
    Object value = "leaf";
    for (int i = 0; i < 300; i++) {
      value = List.of(value);
    }
    List<Object> deep = List.of(value);

    assertThatThrownBy(() -> JSON.encode(deep))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
