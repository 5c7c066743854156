package io.powernode.dim.daemon;

import com.sun.management.OperatingSystemMXBean;
import io.powernode.dim.api.NodeProfile.Capacity;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What the machine, or the container that the node runs in, has. Asked for only when needed. */
final class Hardware {
  private Hardware() {}

  static Capacity capacity() {
    return new Capacity(
        Runtime.getRuntime().availableProcessors(),
        Holder.SYSTEM.getTotalMemorySize(),
        Optional.empty());
  }

  /** Share of the processors in use, 0..1; negative if unknown. */
  static double cpuLoad() {
    double load = Holder.SYSTEM.getCpuLoad();
    return Double.isNaN(load) ? -1 : load;
  }

  /** Loading the platform's beans takes some 50 ms. */
  private static final class Holder {
    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  }
}
