package io.powernode.dim.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemporalServerTest {
  @Test
  void server_whereTheProgramIs_runsAChainAndEndsWhenItIsClosed() {
    Optional<Path> program = TemporalProgram.find();
    assumeTrue(program.isPresent(), "this machine has no program called temporal");
    TemporalServer server = TemporalServer.start(program.get());
    TemporalBenchmark benchmark = new TemporalBenchmark();
    try (server) {
      assertThat(server.isRunning()).isTrue();
      benchmark.start();
      assertThat(benchmark.chain()).isEqualTo("x");
      benchmark.stop();
    }
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void server_ofAProgramThatEnds_saysWhyItDoesNotStart() {
    assertThatThrownBy(() -> TemporalServer.start(Path.of("/bin/echo")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Temporal's server does not start: server start-dev");
  }
}
