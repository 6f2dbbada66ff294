package org.widthwise.sweep.transfer;

import java.util.List;

/**
 * The learning rate to use at a width.
 *
 * @param width the width
 * @param learningRate the rate
 * @param lower the lower end of its interval
 * @param upper the upper end
 * @param foundAt the widths that it was found at
 * @param cost of not tuning there, as a share of the loss: measured, or a bound that follows from
 *     the interval and the curvature at the widest width; NaN if it cannot be told
 * @param predicted whether the width is wider than any that was tried
 * @param sentence all this in words
 */
public record Recommendation(
    int width,
    double learningRate,
    double lower,
    double upper,
    List<Integer> foundAt,
    double cost,
    boolean predicted,
    String sentence) {}
