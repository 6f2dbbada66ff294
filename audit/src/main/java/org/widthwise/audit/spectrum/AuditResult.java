package org.widthwise.audit.spectrum;

import java.util.List;
import org.widthwise.audit.model.SkippedTensor;

/**
 * What an audit found.
 *
 * @param tensors the tensors that were measured, in the checkpoint's order
 * @param skipped what was not measured, or could not be compared with the earlier checkpoint
 */
public record AuditResult(List<TensorAudit> tensors, List<SkippedTensor> skipped) {

  /**
   * Copies the lists.
   *
   * @param tensors the tensors that were measured
   * @param skipped what was not
   */
  public AuditResult {
    tensors = List.copyOf(tensors);
    skipped = List.copyOf(skipped);
  }
}
