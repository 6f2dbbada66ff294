package org.widthwise.torch.train;

/**
 * One point of a loss curve.
 *
 * @param step the number of steps taken before, 0 at initialisation
 * @param loss the mean squared error over batch and outputs
 */
public record LossPoint(long step, double loss) {}
