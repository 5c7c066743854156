package io.powernode.dim.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * On what was measured.
 *
 * @param cpu the processor's name
 * @param cores that this process may use
 * @param memoryMiB of the machine or the container
 * @param jdk maker, version and virtual machine
 * @param os name, version and architecture
 * @param disk type and free space of the file system for temporary files
 * @param load processes that wanted to run in the last minute, before the measuring began; negative
 *     if unknown
 */
record MachineFacts(
    String cpu, int cores, long memoryMiB, String jdk, String os, String disk, double load) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static MachineFacts gather() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new MachineFacts(
        processor(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize() >> 20,
        String.join(
            " ", property("java.vendor"), property("java.version"), property("java.vm.name")),
        String.join(" ", property("os.name"), property("os.version"), property("os.arch")),
        fileSystem(),
        system.getSystemLoadAverage());
  }

  private static String processor() {
    try {
      List<String> lines = Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String fileSystem() {
    try {
      FileStore store = Files.getFileStore(Path.of(property("java.io.tmpdir")));
      return "%s, %d GiB free".formatted(store.type(), store.getUsableSpace() >> 30);
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
