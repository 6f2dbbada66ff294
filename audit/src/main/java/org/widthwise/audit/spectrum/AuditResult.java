package org.widthwise.audit.spectrum;

import java.util.List;
import org.widthwise.audit.model.SkippedTensor;

/**
 * What an audit found.
 *
 * @param tensors the tensors that were measured, in the checkpoint's order
 * @param skipped what was not measured, or could not be compared with the earlier checkpoint
 * @param partial whether the audit was stopped before all chosen tensors were measured
 */
public record AuditResult(List<TensorAudit> tensors, List<SkippedTensor> skipped, boolean partial) {

  /**
   * Copies the lists.
   *
   * @param tensors the tensors that were measured
   * @param skipped what was not
   * @param partial whether it was stopped
   */
  public AuditResult {
    tensors = List.copyOf(tensors);
    skipped = List.copyOf(skipped);
  }
}
