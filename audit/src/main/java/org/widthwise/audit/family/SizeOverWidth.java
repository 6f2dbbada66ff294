package org.widthwise.audit.family;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;

/**
 * One size of one tensor over width.
 *
 * @param values the size in each member, in the order of widths; NaN where there is none
 * @param fit its power law; empty where a value is zero, infinite or none
 */
public record SizeOverWidth(List<Double> values, Optional<PowerLawFit> fit) {

  /**
   * Copies the values.
   *
   * @param values the size in each member
   * @param fit its power law
   */
  public SizeOverWidth {
    values = List.copyOf(values);
  }

  static SizeOverWidth of(double[] widths, double[] values) {
    boolean fits = Arrays.stream(values).allMatch(v -> v > 0 && Double.isFinite(v));
    return new SizeOverWidth(
        Arrays.stream(values).boxed().toList(),
        fits ? Optional.of(PowerLaw.fit(widths, values)) : Optional.empty());
  }

  /** Whether the size does not change with width. */
  Verdict judgeFlat(double tolerance) {
    if (values.stream().anyMatch(value -> !Double.isFinite(value))) {
      return Verdict.FAILS;
    }
    return fit.map(ExponentClaim.of(0, tolerance)::judge).orElse(Verdict.UNDECIDED);
  }
}
