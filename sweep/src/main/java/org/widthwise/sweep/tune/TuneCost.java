package org.widthwise.sweep.tune;

/**
 * What a tuning cost, in floating-point operations by closed form.
 *
 * @param trials how many trainings there were, short ones included
 * @param flops of all of them
 * @param targetTrial of one training at the target
 * @param targetTrials how many a sweep there has: each learning rate with each seed
 * @param targetSweep of that sweep
 * @param share of the operations of that sweep
 */
public record TuneCost(
    int trials,
    double flops,
    double targetTrial,
    int targetTrials,
    double targetSweep,
    double share) {}
