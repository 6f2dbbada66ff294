package org.widthwise.lab.check;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;

/**
 * One quantity of one layer over width.
 *
 * @param quantity what it is
 * @param values {@code [trial][width]}
 * @param fit its power law; empty where a value is zero, as an update below a readout of zeros is,
 *     or not finite
 * @param judged whether a slope says that something is wrong
 * @param verdict whether its slope is 0 within the tolerance; undecided where it is all zero
 */
public record QuantityCheck(
    Quantity quantity,
    List<List<Double>> values,
    Optional<PowerLawFit> fit,
    boolean judged,
    Verdict verdict) {

  /**
   * Copies the values.
   *
   * @param quantity what it is
   * @param values {@code [trial][width]}
   * @param fit its power law
   * @param judged whether a slope says that something is wrong
   * @param verdict whether its slope is 0
   */
  public QuantityCheck {
    values = values.stream().map(List::copyOf).toList();
  }

  static QuantityCheck of(
      Quantity quantity, double[] widths, double[][] values, double tolerance, boolean judged) {
    double[] all = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    List<List<Double>> boxed =
        Arrays.stream(values).map(row -> Arrays.stream(row).boxed().toList()).toList();
    if (!Arrays.stream(all).allMatch(Double::isFinite)) {
      return new QuantityCheck(quantity, boxed, Optional.empty(), judged, Verdict.FAILS);
    }
    if (!Arrays.stream(all).allMatch(value -> value > 0)) {
      return new QuantityCheck(quantity, boxed, Optional.empty(), judged, Verdict.UNDECIDED);
    }
    PowerLawFit fit = PowerLaw.fitTrials(widths, values);
    Verdict verdict = ExponentClaim.of(0, tolerance).judge(fit);
    return new QuantityCheck(quantity, boxed, Optional.of(fit), judged, verdict);
  }
}
