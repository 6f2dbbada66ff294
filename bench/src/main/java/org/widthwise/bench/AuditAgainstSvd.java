package org.widthwise.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times the audit of a checkpoint, and what all singular values of its matrices would take. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Audits a checkpoint, then times libtorch's full singular value decomposition (values alone)"
          + " of Gaussian matrices of the same proportions, as large as the time allows. What the"
          + " checkpoint's own sizes would take is estimated from the largest sample by operations,"
          + " 4 m n² − 4/3 n³ for m ≥ n: beyond the processor's caches they get slower, so that the"
          + " estimate is if anything too low."
    })
public final class AuditAgainstSvd implements Callable<Integer> {
  private static final int SMALLEST_SAMPLE = 128;
  private static final double NANOS = 1e9;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CHECKPOINT", description = "What to audit.")
  private Path checkpoint;

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "Threads for either (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description =
          "How long the decompositions of one shape may take (default: ${DEFAULT-VALUE}).")
  private double seconds;

  private AuditAgainstSvd() {}

  /**
   * Times both and prints a table.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new AuditAgainstSvd()).execute(args));
  }

  /** Rows and columns, the greater first. */
  record Size(long large, long small) {

    static Size of(ParameterShape shape) {
      long rows = shape.dimensions().get(0);
      long columns = shape.dimensions().get(1);
      return new Size(Math.max(rows, columns), Math.min(rows, columns));
    }

    /** The same proportions with another smaller side. */
    Size withSmall(long newSmall) {
      return new Size(Math.max(newSmall, Math.round((double) large * newSmall / small)), newSmall);
    }

    /** Of the reduction to a bidiagonal matrix, which takes most of the time. */
    double operations() {
      return 4.0 * large * small * small - 4.0 / 3 * small * small * small;
    }
  }

  /** How long a decomposition took. */
  record Sample(Size size, double seconds) {

    double estimate(Size other) {
      return seconds * other.operations() / size.operations();
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    AuditResult result;
    try (Checkpoint open = Checkpoints.open(checkpoint)) {
      result =
          SpectralAudit.withDefaults()
              .withThreads(threads)
              .run(open, null, (tensors, of, share) -> {});
    }
    double audit = (System.nanoTime() - start) / NANOS;
    out.printf("audit of %d tensors: %.2f s%n", result.tensors().size(), audit);

    Libtorch.setThreads(threads);
    double total = 0;
    for (Map.Entry<Size, Integer> entry : sizes(result).entrySet()) {
      Size size = entry.getKey();
      Sample sample = largestSample(size, seconds);
      double each = sample.estimate(size);
      total += each * entry.getValue();
      out.printf(
          "%5d of %d × %d: all singular values of %d × %d take %.3f s, of each %s%.2f s%n",
          entry.getValue(),
          size.large(),
          size.small(),
          sample.size().large(),
          sample.size().small(),
          sample.seconds(),
          sample.size().equals(size) ? "" : "about ",
          each);
      out.flush();
    }
    out.printf(
        "all singular values of all: about %.0f s, %.1f times the audit%n", total, total / audit);
    return 0;
  }

  /** The matrices of a checkpoint by size; of a convolution one kernel position each. */
  static Map<Size, Integer> sizes(AuditResult result) {
    Map<Size, Integer> sizes = new LinkedHashMap<>();
    for (TensorAudit tensor : result.tensors()) {
      ParameterShape shape = tensor.parameter();
      if (shape.isMatrixLike() || shape.role().isTable()) {
        sizes.merge(Size.of(shape), (int) shape.kernelArea(), Integer::sum);
      }
    }
    return sizes;
  }

  /** Twice the size takes eight times as long. */
  static Sample largestSample(Size size, double seconds) {
    long small = Math.min(size.small(), SMALLEST_SAMPLE);
    // The first time memory is fetched and threads are made.
    measure(size.withSmall(small));
    Sample sample = measure(size.withSmall(small));
    while (small < size.small()
        && sample.estimate(size.withSmall(Math.min(size.small(), 2 * small))) <= seconds / 2) {
      small = Math.min(size.small(), 2 * small);
      sample = measure(size.withSmall(small));
    }
    return sample;
  }

  private static Sample measure(Size size) {
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix =
          torch.zeros(new long[] {size.large(), size.small()}, new TensorOptions(ScalarType.Float));
      new GaussianInitializer(1).fill(matrix, Initializer.seeded(1));
      long start = System.nanoTime();
      torch.linalg_svdvals(matrix).max().item_double();
      return new Sample(size, (System.nanoTime() - start) / NANOS);
    }
  }
}
