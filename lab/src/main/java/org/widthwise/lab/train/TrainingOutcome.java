package org.widthwise.lab.train;

import org.jspecify.annotations.Nullable;

/**
 * What came of a training.
 *
 * @param parameters how many numbers were trained
 * @param steps how many updates were made, those of earlier starts included
 * @param diverged whether a loss stopped being finite; the training then ended there
 * @param stopped whether it was asked to stop before its last step
 * @param trainingLoss of the last step's batch, before its update; NaN if that diverged
 * @param heldOutLoss of the held-out examples after the last update; NaN if there are none or it
 *     diverged or was stopped
 * @param heldOutAccuracy the share of held-out examples, or of positions in them, whose greatest
 *     output is that of the right class; NaN like the loss
 * @param seconds how long the steps took, those of earlier starts included
 * @param checkpoint where the last checkpoint is; null if none was written
 */
public record TrainingOutcome(
    long parameters,
    long steps,
    boolean diverged,
    boolean stopped,
    double trainingLoss,
    double heldOutLoss,
    double heldOutAccuracy,
    double seconds,
    @Nullable String checkpoint) {}
