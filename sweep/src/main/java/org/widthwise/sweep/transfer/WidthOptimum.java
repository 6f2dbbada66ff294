package org.widthwise.sweep.transfer;

/**
 * The best learning rate at one width.
 *
 * @param width the width
 * @param trials how many trials are over
 * @param diverged how many of them diverged
 * @param learningRate the best rate, by a parabola
 * @param lower the lower end of its interval: 95 % of bootstrap samples over seeds; with one seed
 *     what one seed of the widest width with several would have, or if no width has several the
 *     next smaller rate that was tried
 * @param upper the upper end
 * @param loss the parabola's at the best rate
 * @param curvature the logarithm of the loss grows by so much one octave from the best rate
 * @param bracketed whether smaller and greater rates were tried; if not, the best one may lie
 *     beyond
 * @param narrowCost by which share the loss is greater with the best rate of the narrowest width
 * @param lossAtFixedRate the loss at the series' fixed rate
 */
public record WidthOptimum(
    int width,
    int trials,
    int diverged,
    double learningRate,
    double lower,
    double upper,
    double loss,
    double curvature,
    boolean bracketed,
    double narrowCost,
    double lossAtFixedRate) {}
