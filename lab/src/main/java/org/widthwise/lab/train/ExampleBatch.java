package org.widthwise.lab.train;

import org.bytedeco.pytorch.Tensor;

/**
 * Examples of a step.
 *
 * @param inputs what the network takes, {@code [B, …]}
 * @param classes what it is to say, {@code [B]} or, for a text, {@code [B, T]}, of int64
 */
public record ExampleBatch(Tensor inputs, Tensor classes) {}
