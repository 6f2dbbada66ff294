package org.widthwise.sweep.run;

import java.io.Serializable;
import org.widthwise.sweep.store.Claim;

/**
 * How a trial ended in the hands of a worker.
 *
 * @param claim the trial
 * @param ending how
 * @param message what there is to say; may be empty
 */
public record TrialEnd(Claim claim, SweepListener.Ending ending, String message)
    implements Serializable {}
