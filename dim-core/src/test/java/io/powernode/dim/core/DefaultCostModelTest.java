package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.spi.CostModel;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultCostModelTest {
  private static final JobSpec SPEC = JobSpec.of(() -> "custom").build();

  private final CostModel costs = new DefaultCostModel();

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 2", "7, 14", "2147483647, 4294967294"})
  void estimate_ofTasks_isTwoUnitsEach(int tasks, long units) {
    assertThat(costs.estimate(SPEC, tasks)).isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 1",
    "0, 1",
    "1, 2",
    "100, 2",
    "101, 3",
    "200, 3",
    "60000, 601",
    "9223372036854775807, 92233720368547760"
  })
  void charge_ofASuccess_isOneUnitAndOneForEach100MillisecondsBegun(long millis, long units) {
    assertThat(costs.charge(TaskResult.success("north", Map.of(), 1, millis))).isEqualTo(units);
  }

  @Test
  void charge_ofAFailure_isNothing() {
    ErrorInfo error = ErrorInfo.of(ErrorCode.INFERENCE_FAILED, "failed");

    assertThat(costs.charge(TaskResult.failure("north", error, 5_000))).isZero();
  }

  @Test
  void estimate_ofNegativeTasks_isRefused() {
    assertThatThrownBy(() -> costs.estimate(SPEC, -1))
        .isInstanceOf(DimException.class)
        .hasMessage("tasks: is out of range; allowed: 0 or more");
  }
}
