package org.widthwise.sweep.transfer;

import java.util.List;

/**
 * What a sweep says of the transfer of learning rates over width, for trials that differ in width,
 * rate and seed alone.
 *
 * @param series what these trials share, in words
 * @param verdict {@code holds}, {@code fails} or {@code undecided}: whether the drift is within the
 *     tolerance
 * @param drift of log₂ of the best rate for each doubling of the width, by least squares; NaN with
 *     fewer than two widths that bracket it
 * @param driftStandardError the greater of the errors by bootstrap over seeds and by the residuals;
 *     NaN if neither is known
 * @param successiveDrifts from each width to the next
 * @param widerIsBetter whether at the fixed rate no width has a loss above the next narrower one's,
 *     but for twice the standard error
 * @param fixedRate the rate that was tried at every width which is nearest to the best one at the
 *     narrowest; NaN if there is none
 * @param runsSaved the trials at all but the narrowest width
 * @param workSaved their share of all work
 * @param widths the best rates, ascending in width
 * @param recommendation what to use
 * @param explanation what the drift comes from
 */
public record SeriesTransfer(
    String series,
    String verdict,
    double drift,
    double driftStandardError,
    List<Double> successiveDrifts,
    boolean widerIsBetter,
    double fixedRate,
    int runsSaved,
    double workSaved,
    List<WidthOptimum> widths,
    Recommendation recommendation,
    DriftExplanation explanation) {}
