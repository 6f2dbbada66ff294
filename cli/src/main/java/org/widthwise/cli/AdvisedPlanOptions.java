package org.widthwise.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.advice.AdvisedPlan;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.AtomicFiles;
import picocli.CommandLine.Option;

/** What {@code audit} is told about the plan that its advice makes. */
final class AdvisedPlanOptions {

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "writes what the advice says as a plan: what was out of band at its new size or rate,"
              + " all else as it was")
  private @Nullable Path file;

  @Option(
      names = "--plan-format",
      paramLabel = "FORMAT",
      description =
          "with --plan: json, which is a plan file; pytorch, for docs/widthwise_torch.py; optax,"
              + " table or csv (default: json)")
  private @Nullable PlanFormat format;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "with --plan: the learning rate that it was trained with (default: 1, so that rates read"
              + " as factors)")
  private @Nullable Double learningRate;

  @Nullable Path file() {
    return file;
  }

  /** Looks whether what belongs to a plan comes without one, or the rate is none. */
  void requireSense() {
    if (file == null && (format != null || learningRate != null)) {
      throw new IllegalArgumentException("--plan-format and --lr belong to --plan");
    }
    if (learningRate != null && !(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException(
          "--lr must be above 0 and finite, not %s".formatted(learningRate));
    }
  }

  /**
   * Writes the plan, whole or not at all, if one is wished for.
   *
   * @param optimizer the name of the update rule; null for adam
   */
  void write(AuditResult result, Band band, @Nullable String optimizer) throws IOException {
    if (file != null) {
      AtomicFiles.write(
          file,
          PlanText.of(
              AdvisedPlan.of(
                  result,
                  band,
                  optimizer == null ? UpdateRules.ADAM : UpdateRules.named(optimizer),
                  learningRate == null ? 1 : learningRate),
              format == null ? PlanFormat.JSON : format));
    }
  }
}
