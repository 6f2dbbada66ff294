package org.widthwise.lab.check;

import java.util.List;
import org.widthwise.core.fit.Verdict;

/**
 * What a coordinate check found.
 *
 * @param widths the widths
 * @param tolerance how far a slope may be from 0
 * @param layers the layers in network order
 */
public record CheckResult(List<Integer> widths, double tolerance, List<LayerCheck> layers) {

  /**
   * Copies the lists.
   *
   * @param widths the widths
   * @param tolerance how far a slope may be from 0
   * @param layers the layers in network order
   */
  public CheckResult {
    widths = List.copyOf(widths);
    layers = List.copyOf(layers);
  }

  /**
   * The verdict on the family: the worst of its layers'.
   *
   * @return the verdict
   */
  public Verdict verdict() {
    if (layers.stream().anyMatch(layer -> layer.verdict() == Verdict.FAILS)) {
      return Verdict.FAILS;
    }
    return layers.stream().allMatch(layer -> layer.verdict() == Verdict.HOLDS)
        ? Verdict.HOLDS
        : Verdict.UNDECIDED;
  }
}
