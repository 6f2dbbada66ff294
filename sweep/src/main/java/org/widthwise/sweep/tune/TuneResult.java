package org.widthwise.sweep.tune;

import java.util.List;
import java.util.Map;
import org.widthwise.sweep.transfer.SeriesTransfer;

/**
 * What to train the target with, and how far that can be trusted.
 *
 * @param verdict {@code narrow}: the narrow optimum; {@code extrapolated}: it follows the drift;
 *     {@code cannot-tell}: the numbers are there, but the reasons say why not to trust them
 * @param target the width
 * @param learningRate the global rate to use there; NaN if none was found
 * @param lower the lower end of its interval
 * @param upper the upper end
 * @param inits prefactors of init by group, where they are not usual
 * @param rates prefactors of rate by group, where they are not 1
 * @param drift of log₂ of the best rate for each doubling of the width
 * @param driftStandardError its error
 * @param predictedLoss at the target
 * @param check the prediction tried at an intermediate width
 * @param cost what all this cost
 * @param reasons why it cannot be told; empty if it can
 * @param advice what to look at, the likeliest first
 * @param series the plans that were fitted, that of the result first
 * @param search the rungs of the search for prefactors; empty without one
 */
public record TuneResult(
    String verdict,
    int target,
    double learningRate,
    double lower,
    double upper,
    Map<String, Double> inits,
    Map<String, Double> rates,
    double drift,
    double driftStandardError,
    LossForecast predictedLoss,
    TuneCheck check,
    TuneCost cost,
    List<String> reasons,
    List<String> advice,
    List<SeriesTransfer> series,
    List<SearchRung> search) {}
