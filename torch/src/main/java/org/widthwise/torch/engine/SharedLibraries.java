package org.widthwise.torch.engine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where Linux looks for shared libraries, without loading any: a library that fails to load because
 * another is missing can take the JVM with it.
 *
 * @param directories where to look for files
 * @param cache what the linker's cache of the system's directories names, as text; empty if there
 *     is none
 */
record SharedLibraries(List<Path> directories, String cache) {

  private static final String CACHE = "etc/ld.so.cache";

  /** Beside the linker's own, those that JavaCPP looks into, and that of Windows' Linux. */
  private static final List<String> USUAL =
      List.of(
          "usr/local/cuda/lib64",
          "usr/local/cuda/lib",
          "usr/local/cuda/targets/x86_64-linux/lib",
          "usr/local/cuda/extras/CUPTI/lib64",
          "usr/lib/x86_64-linux-gnu",
          "usr/lib64",
          "lib64",
          "usr/lib/wsl/lib");

  /** Those of this machine. */
  static SharedLibraries ofSystem() {
    return under(Path.of("/"), System.getenv());
  }

  /** Those of a system whose files are below a directory. */
  static SharedLibraries under(Path root, Map<String, String> environment) {
    List<Path> directories = new ArrayList<>();
    Stream.of(environment.getOrDefault("LD_LIBRARY_PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .forEach(directory -> directories.add(Path.of(directory)));
    USUAL.forEach(directory -> directories.add(root.resolve(directory)));
    return new SharedLibraries(List.copyOf(directories), text(root.resolve(CACHE)));
  }

  private static String text(Path cache) {
    try {
      return Files.readString(cache, StandardCharsets.ISO_8859_1);
    } catch (IOException none) {
      return "";
    }
  }

  /**
   * Whether a library is there.
   *
   * @param name such as {@code libcuda.so.1}
   */
  boolean has(String name) {
    // Names end with a zero there.
    return directories.stream().anyMatch(directory -> Files.exists(directory.resolve(name)))
        || cache.contains(name + '\0');
  }
}
