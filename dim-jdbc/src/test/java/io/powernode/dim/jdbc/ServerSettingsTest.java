package io.powernode.dim.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.spi.StateStore.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "true, on, '', MACHINE_CRASH",
    "true, local, '', MACHINE_CRASH",
    "true, on, standby, REPLICATED",
    "true, remote_apply, standby, REPLICATED",
    "true, remote_write, standby, REPLICATED",
    "true, local, standby, MACHINE_CRASH",
    "false, on, '', PROCESS_CRASH",
    "false, on, standby, PROCESS_CRASH",
    "true, off, standby, NONE",
    "false, off, '', NONE"
  })
  void durability_always_isWhatTheServerIsSetTo(
      boolean isForcing, String synchronousCommit, String standbys, Durability durability) {
    ServerSettings settings =
        new ServerSettings(150_000, "UTF8", isForcing, synchronousCommit, standbys);
    assertThat(settings.durability()).isEqualTo(durability);
  }

  @Test
  void server_thatIsTooOldOrNotUnicode_isRefused() {
    new ServerSettings(140_000, "UTF8", true, "on", "").check();
    assertThatThrownBy(() -> new ServerSettings(130_014, "UTF8", true, "on", "").check())
        .isInstanceOf(DimException.class)
        .hasMessageContaining("older than PostgreSQL 14");
    assertThatThrownBy(() -> new ServerSettings(160_001, "LATIN1", true, "on", "").check())
        .isInstanceOf(DimException.class)
        .hasMessageContaining("create one with the encoding UTF8");
  }
}
