package org.widthwise.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.run.SystemMemory;
import org.widthwise.lab.run.Versions;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.CudaStatus;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.NvidiaDriver;
import org.widthwise.torch.engine.OneDnn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code widthwise doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Tells what is here, what is missing and how to get it.")
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--data", paramLabel = "DIR", description = "where data is")
  private @Nullable Path data;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean healthy = true;
    line(out, "widthwise", Versions.widthwise());
    line(out, "java", "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()));
    line(
        out,
        "system",
        "%s %s, %d processors, %.1f GiB of memory available"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                SystemMemory.availableBytes() / (1L << 30)));
    healthy &= engine(out);
    List<String> warnings = Libtorch.warnings(System.getenv());
    line(out, "threads", warnings.isEmpty() ? "OMP_WAIT_POLICY=PASSIVE" : warnings.get(0));
    healthy &= warnings.isEmpty();
    healthy &= data(out);
    return healthy ? 0 : 1;
  }

  private static boolean engine(PrintWriter out) {
    try {
      Libtorch.load();
      line(
          out,
          "libtorch",
          "%s (presets %s), %s, %d threads an operation, unpacked in %s"
              .formatted(
                  Libtorch.version(),
                  Versions.pytorchPresets(),
                  Libtorch.cpuCapability(),
                  Libtorch.threads(),
                  Libtorch.cacheDirectory()));
      line(out, "BLAS", Libtorch.blas());
      if (OneDnn.needsWholeBlocks()) {
        line(
            out,
            "oneDNN",
            "convolutions are right only if channels are multiples of %d, for this processor does"
                    .formatted(OneDnn.BLOCK)
                + " not say how large its caches are; widthwise's own networks see to that");
      }
      gpu(out);
      return true;
    } catch (UncheckedIOException lacking) {
      line(out, "libtorch", Libtorch.reason(lacking));
      return false;
    } catch (UnsatisfiedLinkError | RuntimeException broken) {
      line(
          out,
          "libtorch",
          "missing: %s. Build on this machine with Maven, which fetches the natives for %s %s"
              .formatted(
                  Libtorch.reason(broken),
                  System.getProperty("os.name"),
                  System.getProperty("os.arch")));
      return false;
    }
  }

  /** What a GPU needs, and what of it is missing. */
  private static void gpu(PrintWriter out) {
    CudaStatus cuda = CudaStatus.here();
    line(
        out,
        "devices",
        IntStream.range(0, cuda.devices())
            .mapToObj(index -> ", " + ComputeDevice.cuda(index).id())
            .collect(Collectors.joining("", ComputeDevice.CPU.id(), "")));
    List<String> listed = NvidiaDriver.devices();
    String gpus = listed.isEmpty() ? "" : "this machine has " + String.join(" and ", listed);
    line(
        out,
        "GPU",
        cuda.isUsable()
            ? "%s; driver %s; --device cuda trains on it"
                .formatted(
                    gpus.isEmpty() ? "ready" : gpus, cuda.driver().version().orElse("unknown"))
            : (gpus.isEmpty() ? "" : gpus + ", but ")
                + cuda.missing()
                + "; everything runs without");
  }

  private boolean data(PrintWriter out) {
    DataLocator locator = DataLocator.ofSystem();
    boolean fine = true;
    try {
      boolean real = locator.cifar10Source(data).isReal();
      line(
          out,
          "CIFAR-10",
          locator.cifar10Source(data).description()
              + (real ? "" : "; 'widthwise data fetch cifar10' gets the real images"));
    } catch (DataException missing) {
      line(out, "CIFAR-10", Libtorch.reason(missing));
      fine = false;
    }
    line(
        out,
        "cache",
        "%s (%s)"
            .formatted(
                locator.cache(), Files.isDirectory(locator.cache()) ? "exists" : "not there yet"));
    return fine;
  }

  private static void line(PrintWriter out, String what, String found) {
    out.printf(Locale.ROOT, "%-10s %s%n", what, found);
  }
}
