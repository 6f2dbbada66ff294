package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.model.RoleOverride;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.core.shape.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code widthwise audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures every tensor of a checkpoint, or of an update, and holds its spectral norm",
      "against √(fan-out/fan-in), the size that Condition 1 asks for."
    })
final class AuditCommand implements Callable<Integer> {

  private static final double FAST_TOLERANCE = 1e-3;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "safetensors (a file, an index, or their directory), a file of torch.save, .npz or .npy")
  private Path checkpoint;

  @Option(
      names = "--against",
      paramLabel = "EARLIER",
      description = "an earlier checkpoint of the same network: the difference is measured too")
  private @Nullable Path against;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, json or csv (default: table)")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "measures the tensors whose names match, such as '*attn*'")
  private @Nullable String only;

  @Option(
      names = "--top",
      paramLabel = "K",
      description =
          "shows the K tensors with the greatest ratio of norm to target, greatest first; with"
              + " --against, that of the update")
  private @Nullable Integer top;

  @Option(
      names = "--role",
      paramLabel = "GLOB=ROLE",
      description =
          "says what tensors are, such as 'tok*=embedding': matrix, convolution, embedding, bias,"
              + " gain or scalar; may be repeated")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--fast",
      description = "finds spectral norms to a relative 1e-3 instead of 1e-6, and sooner")
  private boolean fast;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "tensors measured at a time, as far as memory allows (default: 2)")
  private int threads = 2;

  @Override
  public Integer call() throws InterruptedException {
    requirePositive("--threads", threads);
    if (top != null) {
      requirePositive("--top", top);
    }
    SpectralAudit audit =
        SpectralAudit.withDefaults()
            .withRoles(roles.stream().map(RoleOverride::parse).toList())
            .withThreads(threads);
    audit = fast ? audit.withRelativeTolerance(FAST_TOLERANCE) : audit;
    try (Checkpoint later = Checkpoints.open(checkpoint);
        Checkpoint earlier = against == null ? null : Checkpoints.open(against)) {
      print(run(choose(audit, later), later, earlier));
    }
    return 0;
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), "%s must be at least 1, not %d".formatted(option, value));
    }
  }

  private SpectralAudit choose(SpectralAudit audit, Checkpoint later) {
    if (later.tensors().isEmpty()) {
      throw new IllegalArgumentException(
          UntrustedText.escape(checkpoint.toString())
              + ": has no tensor of real floats to measure");
    }
    if (only == null) {
      return audit;
    }
    if (only.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), "--only is empty: give a glob, such as '*attn*'");
    }
    // Reading it as an override's tells a malformed glob.
    RoleOverride glob = RoleOverride.parse(only + "=" + Role.SCALAR.id());
    if (later.tensors().stream().noneMatch(tensor -> glob.matches(tensor.name()))) {
      throw new IllegalArgumentException(
          "--only: no tensor's name matches '%s'".formatted(UntrustedText.escape(only)));
    }
    return audit.withNames(glob::matches);
  }

  private AuditResult run(SpectralAudit audit, Checkpoint later, @Nullable Checkpoint earlier)
      throws InterruptedException {
    AuditProgress progress =
        new AuditProgress(spec.commandLine().getErr(), ProgressPrinter.onTerminal());
    try {
      return audit.run(later, earlier, progress);
    } finally {
      progress.end();
    }
  }

  private void print(AuditResult result) {
    PrintWriter out = spec.commandLine().getOut();
    List<TensorAudit> shown = shown(result.tensors());
    boolean updates = against != null;
    if (format == OutputFormat.JSON) {
      out.print(
          AuditColumns.json(
              checkpoint.toString(),
              against == null ? null : against.toString(),
              shown,
              result.skipped()));
      return;
    }
    out.print(
        format == OutputFormat.CSV
            ? AuditColumns.csv(shown, updates)
            : AuditColumns.table(shown, updates));
    PrintWriter err = spec.commandLine().getErr();
    for (SkippedTensor skipped : result.skipped()) {
      err.printf("not measured: %s: %s%n", UntrustedText.escape(skipped.name()), skipped.reason());
    }
  }

  private List<TensorAudit> shown(List<TensorAudit> tensors) {
    if (top == null) {
      return tensors;
    }
    return tensors.stream()
        .filter(tensor -> !Double.isNaN(deviation(tensor)))
        .sorted(Comparator.comparing(this::deviation, Comparator.reverseOrder()))
        .limit(top)
        .toList();
  }

  private double deviation(TensorAudit tensor) {
    return against == null
        ? tensor.sizes().ratio()
        : tensor.update().map(TensorSizes::ratio).orElse(Double.NaN);
  }
}
