package org.widthwise.torch.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * The engine: loads libtorch so that neither threads nor processes can trip over each other, and
 * answers questions about it.
 *
 * <p>Call {@link #load()} before the first use of any {@code org.bytedeco} class, and of any class
 * of this module that extends one: those load the native libraries in their own static
 * initialisers, one file at a time and without a lock across processes. The first start of all on a
 * machine then ends in a SIGSEGV of the JVM, and two first starts at once in a SIGBUS.
 */
public final class Libtorch {
  private static final String LOCK_FILE = "widthwise-unpacking.lock";
  private static final long LOCK_RETRY_MILLIS = 20;
  private static final Pattern BLAS_INFO = Pattern.compile("BLAS_INFO=([^,\\s]+)");
  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

  /**
   * Not a setting but a fact about this process: native libraries, once loaded, stay, so this only
   * ever turns from false to true.
   */
  private static final AtomicBoolean LOADED = new AtomicBoolean();

  private Libtorch() {}

  /**
   * Loads libtorch, once for this process; later calls return at once. Safe from any thread, and
   * while other processes do the same.
   *
   * @throws UncheckedIOException if the cache directory or its lock file cannot be used, or
   *     libraries are missing that a build with CUDA needs
   * @throws UnsatisfiedLinkError if there are no native libraries for this platform
   */
  public static void load() {
    load(cache -> {});
  }

  /**
   * Loads libtorch like {@link #load()}, telling the listener first if the native libraries (some
   * 445 MB) have to be unpacked into the cache, which takes seconds and happens once per machine.
   *
   * @param onUnpacking told the cache directory before unpacking starts; not called otherwise
   * @throws UncheckedIOException if the cache directory or its lock file cannot be used, or
   *     libraries are missing that a build with CUDA needs
   * @throws UnsatisfiedLinkError if there are no native libraries for this platform
   */
  public static void load(Consumer<Path> onUnpacking) {
    if (LOADED.get()) {
      return;
    }
    synchronized (LOADED) {
      if (LOADED.get()) {
        return;
      }
      boolean cuda = NativeFiles.areOfCuda();
      if (cuda) {
        CudaLibraries.require();
      }
      try {
        Path cache = cacheDirectory();
        try (FileChannel channel =
                FileChannel.open(
                    cache.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = lock(channel)) {
          if (held.isValid() && !NativeFiles.areUnpacked(cache)) {
            onUnpacking.accept(cache);
          }
          NativeFiles.unpack();
          Loader.load(torch.class);
          Loader.load(openblas_nolapack.class);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "libtorch cannot be unpacked; the directory is set by -Dorg.bytedeco.javacpp.cachedir: "
                + e.getMessage(),
            e);
      }
      if (OneDnn.needsWholeBlocks()) {
        // NNPACK cannot be used either where caches are unknown, and says so at each convolution.
        torch.globalContext().setUserEnabledNNPACK(false);
      }
      if (cuda) {
        // float32 is to mean that on a GPU too: cuDNN would round factors of convolutions to 10
        // bits, and choose among ways that sum in an order of their own each time.
        torch.globalContext().setAllowTF32CuDNN(false);
        torch.globalContext().setDeterministicCuDNN(true);
      }
      LOADED.set(true);
    }
  }

  /**
   * Where the native libraries are unpacked: {@code ~/.javacpp/cache}, or what the system property
   * {@code org.bytedeco.javacpp.cachedir} says.
   *
   * @return the directory, which exists
   * @throws UncheckedIOException if it cannot be created
   */
  public static Path cacheDirectory() {
    try {
      return Loader.getCacheDir().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no usable cache directory for native libraries; set one by"
              + " -Dorg.bytedeco.javacpp.cachedir: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * The version of libtorch, such as {@code 2.10.0}.
   *
   * @return the version
   */
  public static String version() {
    load();
    String configuration = torch.show_config().getString();
    Matcher matcher = VERSION.matcher(configuration);
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  /**
   * The instruction set libtorch computes with on this processor, such as {@code AVX2}.
   *
   * @return the name libtorch gives it
   */
  public static String cpuCapability() {
    load();
    return torch.get_cpu_capability().getString();
  }

  /**
   * The library behind libtorch's matrix products on the CPU.
   *
   * @return the name that libtorch's configuration gives it, such as {@code open} for OpenBLAS
   */
  public static String blas() {
    load();
    Matcher matcher = BLAS_INFO.matcher(torch.show_config().getString());
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  /**
   * How many threads an operation called from this thread may use.
   *
   * @return the count, at least 1
   */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }

  /**
   * Sets how many threads an operation may use: libtorch's own for the calling thread and for
   * threads that have not used it yet, and those of OpenBLAS for the whole process.
   *
   * @param count the number of threads, at least 1
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public static void setThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "an operation needs at least 1 thread, but got " + count + "; use 1 or more");
    }
    load();
    torch.set_num_threads(count);
    openblas_nolapack.blas_set_num_threads(count);
  }

  /**
   * Says in plain words what about the environment makes libtorch slow. These variables are read
   * when the JVM starts, so nothing but a restart helps.
   *
   * @param environment the environment, as {@link System#getenv()} gives it
   * @return one sentence per finding, empty if all is well
   */
  public static List<String> warnings(Map<String, String> environment) {
    String policy = environment.getOrDefault("OMP_WAIT_POLICY", "");
    if (policy.toUpperCase(Locale.ROOT).equals("PASSIVE")) {
      return List.of();
    }
    return List.of(
        "OMP_WAIT_POLICY is "
            + (policy.isEmpty() ? "not set" : "'" + policy + "'")
            + ", so idle threads of libtorch and OpenBLAS spin against each other and training can"
            + " be several times slower; set OMP_WAIT_POLICY=PASSIVE in the environment before"
            + " starting Java.");
  }

  /**
   * The reason in an exception that came from C++: its first line, without the native stack trace
   * libtorch appends.
   *
   * @param thrown what was thrown
   * @return one line, never empty
   */
  public static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null) {
      return thrown.getClass().getSimpleName();
    }
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse(thrown.getClass().getSimpleName());
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException heldInThisProcess) {
        // A copy of this class under another class loader holds it, and is done in seconds.
        try {
          Thread.sleep(LOCK_RETRY_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for another class loader to unpack", e);
        }
      }
    }
  }
}
