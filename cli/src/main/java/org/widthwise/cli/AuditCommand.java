package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.family.FamilyAudit;
import org.widthwise.audit.family.FamilyMember;
import org.widthwise.audit.family.FamilyResult;
import org.widthwise.audit.model.AttentionHeads;
import org.widthwise.audit.report.AuditPage;
import org.widthwise.audit.report.FamilyPage;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.AtomicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final int INTERRUPTED = 130;
  private static final int USUAL_LEADING = 8;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CHECKPOINT",
      arity = "1..*",
      description =
          "safetensors (a file, an index, or their directory), a file of torch.save, GGUF, .npz,"
              + " .npy; with --family several, or a directory of them")
  private List<Path> checkpoints;

  @Option(
      names = "--against",
      paramLabel = "EARLIER",
      description =
          "an earlier checkpoint of the same network: the difference is measured too; with --family"
              + " given once for each checkpoint, in their order")
  private List<Path> against = new ArrayList<>();

  @Option(
      names = "--family",
      description =
          "the checkpoints are of one architecture at three widths or more: fits the exponents of"
              + " all sizes against width, and tells which parametrization they resemble")
  private boolean family;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description =
          "with --family and --against: how the updates were made, such as adam, so that they can"
              + " be held against the parametrizations, too; with --plan: what the plan is for"
              + " (default: adam)")
  private @Nullable String optimizer;

  @Option(
      names = "--tolerance",
      paramLabel = "NUMBER",
      description = "with --family: how far from 0 an exponent may be (default: 0.2)")
  private @Nullable Double tolerance;

  @Option(
      names = "--band",
      paramLabel = "LOW,HIGH",
      description =
          "the multiples of its target that a size may have without advice (default: 0.25,4)")
  private @Nullable String band;

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

  @Mixin private final DeclarationOptions declarations = new DeclarationOptions();

  @Option(
      names = "--heads",
      paramLabel = "N[,KV]",
      description =
          "says how many heads of queries, and of keys if fewer, attentions have whose fused"
              + " projection alternates by head, as query_key_value does; otherwise a config.json"
              + " beside the checkpoint says it")
  private @Nullable String heads;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description =
          "writes a page with an overview of all tensors, to search and to sort, beside the usual"
              + " output")
  private @Nullable Path report;

  @Mixin private final AdvisedPlanOptions plan = new AdvisedPlanOptions();

  @Option(
      names = "--spectrum",
      description =
          "finds how the singular values are distributed, too, and how much of it is noise: takes"
              + " some times longer")
  private boolean spectrum;

  @Option(
      names = "--leading",
      paramLabel = "K",
      description = "with --spectrum: how many singular values to name (default: 8, at most 64)")
  private @Nullable Integer leading;

  @Option(
      names = "--fast",
      description = "finds spectral norms to a relative 1e-3 instead of 1e-6, and sooner")
  private boolean fast;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "tensors measured at a time, as far as memory allows (default: 2)")
  private int threads = 2;

  /** What a family that was stopped came to; read by the hook that ends the process. */
  private volatile String stoppedFamily = "stopped before anything could be printed";

  @Override
  public Integer call() throws IOException, InterruptedException {
    requirePositive("--threads", threads);
    if (top != null) {
      requirePositive("--top", top);
    }
    Band allowed = band == null ? Band.usual() : Band.parse(band);
    StopRequest stop =
        new StopRequest(
            spec.commandLine().getErr(),
            inTime -> {
              if (family) {
                return stoppedFamily;
              }
              return inTime
                  ? "stopped; what was measured is printed, marked as partial"
                  : "stopped before anything could be printed";
            });
    SpectralAudit audit =
        SpectralAudit.withDefaults()
            .withRoles(declarations.roles())
            .withMaps(declarations.maps())
            .withThreads(threads)
            .withStop(stop::isMade);
    if (leading != null && !spectrum) {
      throw new ParameterException(spec.commandLine(), "--leading belongs to --spectrum");
    }
    audit = spectrum ? audit.withSpectrum(leading == null ? USUAL_LEADING : leading) : audit;
    audit = fast ? audit.withRelativeTolerance(FAST_TOLERANCE) : audit;
    stop.listen();
    try {
      boolean whole = family ? follow(audit) : measure(audit, allowed);
      spec.commandLine().getOut().flush();
      return whole ? 0 : INTERRUPTED;
    } finally {
      stop.ended();
    }
  }

  /** An audit may take minutes: better to know before. */
  private void requireDirectory(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(file)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must name a file in a directory that there is, not '%s'"
              .formatted(option, UntrustedText.escape(file.toString())));
    }
  }

  /** One checkpoint; false if it was stopped. */
  private boolean measure(SpectralAudit audit, Band allowed)
      throws IOException, InterruptedException {
    if (checkpoints.size() > 1 || against.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "several checkpoints are audited together with --family alone, when they are of one"
              + " architecture");
    }
    if (tolerance != null) {
      throw new ParameterException(spec.commandLine(), "--tolerance belongs to --family");
    }
    if (optimizer != null) {
      if (plan.file() == null) {
        throw new ParameterException(
            spec.commandLine(), "--optimizer belongs to --family or --plan");
      }
      // An unknown name had better be told before the audit.
      UpdateRules.named(optimizer);
    }
    plan.requireSense();
    Path checkpoint = checkpoints.get(0);
    Path earlier = against.isEmpty() ? null : against.get(0);
    requireDirectory("--report", report);
    requireDirectory("--plan", plan.file());
    AuditResult result = run(audit).of(checkpoint, earlier);
    print(result, allowed);
    if (report != null) {
      AtomicFiles.write(
          report,
          AuditPage.html(
              checkpoint.toString(), earlier == null ? null : earlier.toString(), result, allowed));
    }
    plan.write(result, allowed, optimizer);
    return !result.partial();
  }

  private AuditRun run(SpectralAudit audit) {
    return new AuditRun(
        spec.commandLine().getErr(),
        audit,
        only,
        heads == null ? null : AttentionHeads.parse(heads));
  }

  /** A family; false if it was stopped, when those measured are compared if they are enough. */
  private boolean follow(SpectralAudit audit) throws IOException, InterruptedException {
    if (top != null || band != null || spectrum || plan.file() != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--top, --band, --plan and --spectrum belong to audits without --family");
    }
    plan.requireSense();
    requireDirectory("--report", report);
    List<Path> paths = expand(checkpoints);
    List<Path> earlier = expand(against);
    if (!earlier.isEmpty() && earlier.size() != paths.size()) {
      throw new ParameterException(
          spec.commandLine(),
          "--against must name an earlier checkpoint for each of the %d of the family, not %d"
              .formatted(paths.size(), earlier.size()));
    }
    if (optimizer != null && earlier.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--optimizer is about updates, which need --against");
    }
    FamilyAudit comparison = FamilyAudit.withDefaults();
    comparison = tolerance == null ? comparison : comparison.withTolerance(tolerance);
    comparison =
        optimizer == null ? comparison : comparison.withUpdateRule(UpdateRules.named(optimizer));
    List<FamilyMember> members = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      AuditResult result = run(audit).of(paths.get(i), earlier.isEmpty() ? null : earlier.get(i));
      if (result.partial()) {
        break;
      }
      members.add(new FamilyMember(paths.get(i).toString(), result));
    }
    if (members.size() == paths.size()) {
      print(comparison.run(members), false);
      return true;
    }
    String measured =
        "stopped with %d of %d checkpoints measured".formatted(members.size(), paths.size());
    try {
      print(comparison.run(members), true);
      stoppedFamily = measured + "; these are compared, marked as partial";
    } catch (IllegalArgumentException tooFew) {
      stoppedFamily = measured + "; too few to compare: nothing to print";
    }
    return false;
  }

  /** A single directory stands for what is in it. */
  private static List<Path> expand(List<Path> paths) {
    return paths.size() == 1 && Files.isDirectory(paths.get(0))
        ? Checkpoints.in(paths.get(0))
        : paths;
  }

  private void print(FamilyResult result, boolean partial) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case JSON -> out.print(FamilyColumns.json(result, partial));
      case CSV -> out.print(FamilyColumns.csv(result));
      case TABLE -> out.print(FamilyColumns.table(result));
    }
    if (format != OutputFormat.JSON) {
      SkippedLines.print(spec.commandLine().getErr(), "not followed", result.skipped(), "");
      if (partial) {
        spec.commandLine().getErr().println("widthwise: partial: stopped before the others");
      }
    }
    if (report != null) {
      AtomicFiles.write(
          report, FamilyPage.html(result, partial, FamilyColumns.resemblance(result)));
    }
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), "%s must be at least 1, not %d".formatted(option, value));
    }
  }

  private void print(AuditResult result, Band allowed) {
    PrintWriter out = spec.commandLine().getOut();
    List<TensorAudit> shown = shown(result.tensors());
    boolean updates = !against.isEmpty();
    switch (format) {
      case JSON ->
          out.print(
              AuditColumns.json(
                  checkpoints.get(0).toString(),
                  updates ? against.get(0).toString() : null,
                  result,
                  shown,
                  allowed));
      case CSV -> out.print(AuditColumns.csv(shown, updates, spectrum, allowed));
      case TABLE -> out.print(AuditTable.of(shown, updates, allowed));
    }
    if (format != OutputFormat.JSON) {
      SkippedLines.print(spec.commandLine().getErr(), "not measured", result.skipped(), "");
      if (result.partial()) {
        spec.commandLine().getErr().println("widthwise: partial: stopped before the others");
      }
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
    return against.isEmpty()
        ? tensor.sizes().ratio()
        : tensor.update().map(TensorSizes::ratio).orElse(Double.NaN);
  }
}
