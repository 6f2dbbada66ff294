package org.widthwise.torch.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this machine has of NVIDIA's driver, as its files tell: nothing is loaded for it.
 *
 * @param version of the kernel's part; empty if that is not loaded
 * @param library whether the part that programs load, {@code libcuda.so.1}, is there
 * @param deviceFiles how many devices this process may see, {@code /dev/nvidia0} and so on
 */
public record NvidiaDriver(Optional<String> version, boolean library, int deviceFiles) {

  /** The oldest that CUDA 13 works with. */
  public static final int OLDEST = 580;

  private static final String LIBRARY = "libcuda.so.1";
  private static final Pattern VERSION = Pattern.compile("\\s([0-9]{3,4}(\\.[0-9]+)+)\\s");
  private static final Pattern DEVICE_FILE = Pattern.compile("nvidia[0-9]+");
  private static final long PATIENCE_SECONDS = 10;

  private static final List<String> QUERY =
      List.of("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader");

  /**
   * What is here.
   *
   * @return the driver, or the lack of it
   */
  public static NvidiaDriver here() {
    return under(Path.of("/"), System.getenv());
  }

  /** What is below a directory that stands for a system's root. */
  static NvidiaDriver under(Path root, Map<String, String> environment) {
    return new NvidiaDriver(
        version(root.resolve("proc/driver/nvidia/version")),
        SharedLibraries.under(root, environment).has(LIBRARY),
        deviceFiles(root.resolve("dev")));
  }

  private static Optional<String> version(Path file) {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(file));
      return Optional.of(matcher.find() ? matcher.group(1) : "unknown");
    } catch (IOException notLoaded) {
      return Optional.empty();
    }
  }

  private static int deviceFiles(Path directory) {
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "nvidia*")) {
      for (Path file : files) {
        count += DEVICE_FILE.matcher(String.valueOf(file.getFileName())).matches() ? 1 : 0;
      }
    } catch (IOException unreadable) {
      return 0;
    }
    return count;
  }

  /**
   * What is missing, and how to get it.
   *
   * @return a sentence without its stop; empty if all is there
   */
  public Optional<String> missing() {
    if (version.isEmpty() && !library && deviceFiles == 0) {
      return Optional.of(
          ("there is no NVIDIA driver (no %s, no /dev/nvidia0): install one of version %d or newer;"
                  + " a container needs to be started with the devices, as by --gpus all")
              .formatted(LIBRARY, OLDEST));
    }
    if (!library) {
      return Optional.of(
          ("NVIDIA's driver lacks %s, the part that programs load: install it in the version of the"
                  + " rest (%s); containers are given it, as by --gpus all")
              .formatted(LIBRARY, version.orElse("unknown")));
    }
    if (deviceFiles == 0) {
      return Optional.of(
          "NVIDIA's driver is here, but no device of it (no /dev/nvidia0): a container needs to be"
              + " started with the devices, as by --gpus all");
    }
    return Optional.empty();
  }

  /**
   * The devices that the driver's own program lists.
   *
   * @return for each its name and memory, such as {@code NVIDIA H100 80GB HBM3, 81559 MiB}; empty
   *     where the program is not there or does not answer
   */
  public static List<String> devices() {
    return lines(QUERY);
  }

  static List<String> lines(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      try (BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return List.of();
        }
        return process.exitValue() == 0
            ? output.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()
            : List.of();
      }
    } catch (IOException notThere) {
      return List.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
