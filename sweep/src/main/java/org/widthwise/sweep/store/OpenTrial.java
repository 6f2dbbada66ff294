package org.widthwise.sweep.store;

/**
 * A trial that is not over.
 *
 * @param digest tells it from the other trials of its sweep
 * @param work how much there is to do
 * @param holder who works on it; empty if it can be claimed
 */
public record OpenTrial(String digest, double work, String holder) {}
