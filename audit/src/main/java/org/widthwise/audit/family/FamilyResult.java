package org.widthwise.audit.family;

import java.util.List;
import java.util.Optional;
import org.widthwise.audit.model.SkippedTensor;

/**
 * What an audit of a family found.
 *
 * @param checkpoints the members, in the order of widths
 * @param widths the width of each: the size that most of the dimensions that grow have
 * @param tolerance how far from 0 the exponent of a size over its target may be
 * @param tensors the tensors that all members have, in the order of the narrowest one
 * @param weights which parametrization the weights' entries resemble
 * @param updates which one the updates resemble, if the update rule was named and there are earlier
 *     checkpoints
 * @param skipped what could not be compared, and why
 */
public record FamilyResult(
    List<String> checkpoints,
    List<Long> widths,
    double tolerance,
    List<FamilyTensor> tensors,
    Resemblance weights,
    Optional<Resemblance> updates,
    List<SkippedTensor> skipped) {

  /**
   * Copies the lists.
   *
   * @param checkpoints the members
   * @param widths the width of each
   * @param tolerance how far from 0 an exponent may be
   * @param tensors the tensors that all members have
   * @param weights which parametrization the weights resemble
   * @param updates which one the updates resemble
   * @param skipped what could not be compared
   */
  public FamilyResult {
    checkpoints = List.copyOf(checkpoints);
    widths = List.copyOf(widths);
    tensors = List.copyOf(tensors);
    skipped = List.copyOf(skipped);
  }
}
