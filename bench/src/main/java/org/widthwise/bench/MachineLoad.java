package org.widthwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** What the processors of this machine were busy with, as Linux counts it. */
final class MachineLoad {
  private static final Path COUNTERS = Path.of("/proc/stat");
  private static final double TICKS_PER_SECOND = 100;

  /** Columns of the first line of the counters, after its name. */
  private static final int IDLE = 3;

  private static final int WAITING_FOR_DISK = 4;
  private static final int COLUMNS = 8;

  private MachineLoad() {}

  /**
   * Seconds the processors have been busy since the machine started; empty elsewhere than Linux.
   */
  static OptionalDouble busySeconds() {
    try (var lines = Files.lines(COUNTERS)) {
      return busySeconds(lines.findFirst().orElse(""));
    } catch (IOException notLinux) {
      return OptionalDouble.empty();
    }
  }

  static OptionalDouble busySeconds(String line) {
    String[] words = line.trim().split("\\s+", -1);
    if (words.length <= COLUMNS || !words[0].equals("cpu")) {
      return OptionalDouble.empty();
    }
    long busy = 0;
    for (int column = 0; column < COLUMNS; column++) {
      if (column != IDLE && column != WAITING_FOR_DISK) {
        busy += Long.parseLong(words[column + 1]);
      }
    }
    return OptionalDouble.of(busy / TICKS_PER_SECOND);
  }
}
