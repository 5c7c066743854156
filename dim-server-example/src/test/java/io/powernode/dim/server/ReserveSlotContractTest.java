package io.powernode.dim.server;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeAction;
import io.powernode.dim.testkit.NodeActionContract;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

class ReserveSlotContractTest extends NodeActionContract {
  private AppointmentBook book = new AppointmentBook(Map.of());

  @Override
  protected NodeAction create() {
    Map<String, Optional<String>> duty = new LinkedHashMap<>();
    duty.put("eight", Optional.of("Dr A"));
    duty.put("nine", Optional.of("Dr B"));
    book = new AppointmentBook(duty);
    return book.reserve();
  }

  @Override
  protected Map<String, Tensor> input() {
    return Map.of("plan", Tensor.ofLongs(new long[] {1}));
  }

  @Override
  protected int timesDone() {
    return book.history().size();
  }
}
