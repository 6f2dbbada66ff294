package org.widthwise.sweep.store;

import java.io.Serializable;

/**
 * A trial in the hands of one worker. Whoever holds the newest claim of a trial may finish it, and
 * nobody else.
 *
 * @param sweep the name of the trial's sweep
 * @param digest the trial's {@link NewTrial#digest()}
 * @param token what tells this claim from every other
 * @param configuration canonical JSON of all that the trial's metrics depend on, but the seed
 * @param seed the trial's seed
 * @param work how much there is to do
 * @param attempts how often the trial was begun, this time included
 */
public record Claim(
    String sweep,
    String digest,
    String token,
    String configuration,
    long seed,
    double work,
    int attempts)
    implements Serializable {}
