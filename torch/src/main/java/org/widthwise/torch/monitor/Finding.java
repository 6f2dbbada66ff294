package org.widthwise.torch.monitor;

/**
 * A parameter that left its band, the first time it did.
 *
 * @param step the step after which it was seen
 * @param parameter its name
 * @param quantity what left the band
 * @param value its value; NaN if it is not finite
 * @param factor how far it is beyond the limit's reference: times the target, the size at the
 *     start, or the size planned; NaN if the value is, 0 for an update that never comes
 * @param reason what is wrong and what may be its cause, in words
 */
public record Finding(
    long step, String parameter, Quantity quantity, double value, double factor, String reason) {}
