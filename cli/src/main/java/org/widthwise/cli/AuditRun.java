package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
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
 */
record AuditRun(PrintWriter err, SpectralAudit audit, @Nullable String only) {

  /** Measures one checkpoint, and what came to it since the earlier one if there is any. */
  AuditResult of(Path checkpoint, @Nullable Path earlierPath) throws InterruptedException {
    try (Checkpoint later = Checkpoints.open(checkpoint);
        Checkpoint earlier = earlierPath == null ? null : Checkpoints.open(earlierPath)) {
      SpectralAudit chosen = choose(checkpoint, later);
      AuditProgress progress = new AuditProgress(err, ProgressPrinter.onTerminal());
      try {
        return chosen.run(later, earlier, progress);
      } finally {
        progress.end();
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
}
