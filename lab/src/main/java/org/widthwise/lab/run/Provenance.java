package org.widthwise.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;

/**
 * Under which circumstances an experiment was run: what its values should not depend on, but what
 * one wants to know when they do.
 *
 * @param started when it was begun, in UTC
 * @param data where the data came from, in words
 * @param widthwise the project's version
 * @param libtorch libtorch's version and the instruction set that it uses
 * @param java the JVM
 * @param system operating system and architecture
 * @param processor the processor's name
 * @param processors how many of them the JVM may use
 * @param device where the tensors were, such as {@code cpu} or {@code cuda:0}
 */
public record Provenance(
    String started,
    String data,
    String widthwise,
    String libtorch,
    String java,
    String system,
    String processor,
    int processors,
    String device) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * Takes a device that is missing, as in files from before it was written down, for the CPU.
   *
   * @param started when it was begun
   * @param data where the data came from
   * @param widthwise the project's version
   * @param libtorch libtorch's version
   * @param java the JVM
   * @param system operating system and architecture
   * @param processor the processor's name
   * @param processors how many of them the JVM may use
   * @param device where the tensors were
   */
  public Provenance {
    device = Objects.requireNonNullElse(device, ComputeDevice.CPU.id());
  }

  /**
   * The circumstances here and now. Loads libtorch.
   *
   * @param data where the data come from, in words
   * @param device where the tensors are
   * @return the provenance
   */
  public static Provenance now(String data, ComputeDevice device) {
    return new Provenance(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        data,
        Versions.widthwise(),
        "%s (%s)".formatted(Libtorch.version(), Libtorch.cpuCapability()),
        "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()),
        "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        device.id());
  }

  private static String processorName() {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse("unknown");
    } catch (IOException notLinux) {
      return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "unknown");
    }
  }
}
