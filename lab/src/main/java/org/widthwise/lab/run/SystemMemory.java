package org.widthwise.lab.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory there is for native allocations. */
public final class SystemMemory {

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final int KIBIBYTE = 1024;

  private SystemMemory() {}

  /**
   * The memory that can be had without swapping.
   *
   * @return bytes; where the system does not tell, all of its memory
   */
  public static double availableBytes() {
    // Knows the limit of a container, which /proc/meminfo does not.
    double total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    try {
      return Files.readAllLines(MEMINFO).stream()
          .filter(line -> line.startsWith(AVAILABLE))
          .mapToDouble(line -> KIBIBYTE * Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .map(available -> Math.min(available, total))
          .findFirst()
          .orElse(total);
    } catch (IOException notLinux) {
      return total;
    }
  }
}
