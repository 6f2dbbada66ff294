package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.model.AttentionHeads;
import org.widthwise.audit.model.FusedMaps;
import org.widthwise.audit.model.HeadConfiguration;
import org.widthwise.audit.model.RoleOverride;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.SpectralAudit;
import org.widthwise.core.shape.Role;

/**
 * Opens checkpoints and measures those of their tensors that were asked for, with progress.
 *
 * @param err where progress is shown
 * @param audit what to measure
 * @param only a glob of the names of the tensors to measure; null for all
 * @param heads how many heads attentions have; null where a configuration beside the checkpoint is
 *     to say it, if it does
 */
record AuditRun(
    PrintWriter err, SpectralAudit audit, @Nullable String only, @Nullable AttentionHeads heads) {

  /** Measures one checkpoint, and what came to it since the earlier one if there is any. */
  AuditResult of(Path checkpoint, @Nullable Path earlierPath) throws InterruptedException {
    try (Checkpoint later = Checkpoints.open(checkpoint);
        Checkpoint earlier = earlierPath == null ? null : Checkpoints.open(earlierPath)) {
      SpectralAudit chosen = withHeads(choose(checkpoint, later), checkpoint, later);
      try (AuditProgress progress = new AuditProgress(err)) {
        return chosen.run(later, earlier, progress);
      }
    }
  }

  private SpectralAudit choose(Path checkpoint, Checkpoint later) {
    if (later.tensors().isEmpty()) {
      throw new IllegalArgumentException(
          UntrustedText.escape(checkpoint.toString())
              + ": has no tensor of real floats to measure");
    }
    if (only == null) {
      return audit;
    }
    if (only.isBlank()) {
      throw new IllegalArgumentException("--only is empty: give a glob, such as '*attn*'");
    }
    // Reading it as an override's tells a malformed glob.
    RoleOverride glob = RoleOverride.parse(only + "=" + Role.SCALAR.id());
    if (later.tensors().stream().noneMatch(tensor -> glob.matches(tensor.name()))) {
      throw new IllegalArgumentException(
          "--only: no tensor's name matches '%s'".formatted(UntrustedText.escape(only)));
    }
    return audit.withNames(glob::matches);
  }

  private SpectralAudit withHeads(SpectralAudit chosen, Path checkpoint, Checkpoint later) {
    boolean needed =
        later.tensors().stream().anyMatch(tensor -> FusedMaps.needsHeads(tensor.name()));
    if (heads != null) {
      if (!needed) {
        throw new IllegalArgumentException(
            ("--heads: %s has no fused projection that alternates by head, such as one named"
                    + " query_key_value")
                .formatted(UntrustedText.escape(checkpoint.toString())));
      }
      return chosen.withHeads(heads);
    }
    if (!needed) {
      return chosen;
    }
    try {
      return HeadConfiguration.beside(checkpoint)
          .flatMap(HeadConfiguration::read)
          .map(chosen::withHeads)
          .orElse(chosen);
    } catch (MalformedFileException unusable) {
      err.println(
          "warning: "
              + unusable.getMessage()
              + "; fused projections that alternate by head are measured as a whole, unless --heads"
              + " says how many there are");
      return chosen;
    }
  }
}
