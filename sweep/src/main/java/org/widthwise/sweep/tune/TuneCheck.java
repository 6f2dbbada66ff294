package org.widthwise.sweep.tune;

/**
 * The prediction, tried at a width between the narrow ones and the target.
 *
 * @param width the width
 * @param predictedRate the rate that was predicted
 * @param bestRate the best one there, by a parabola through the predicted rate and those an octave
 *     to either side, or further where these are better
 * @param octaves log₂ of the best rate over the predicted one
 * @param predictedLoss the loss that was predicted
 * @param loss the least one there, by the parabola
 * @param cost by which share the loss is greater with the predicted rate
 * @param bracketed whether rates on both sides of the best one were tried
 * @param holds whether they were, and the predicted rate is within a factor √2 of it
 */
public record TuneCheck(
    int width,
    double predictedRate,
    double bestRate,
    double octaves,
    double predictedLoss,
    double loss,
    double cost,
    boolean bracketed,
    boolean holds) {}
