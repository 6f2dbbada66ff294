package org.widthwise.audit.model;

/**
 * What a parameter seems to be, and why.
 *
 * @param kind what it seems to be
 * @param reason why, in one phrase; text from the name is escaped
 * @param inputFirst whether the shape seems to list the input axis before the output axis, {@code
 *     [fanIn, fanOut]}, as GPT-2's matrices and kernels of Flax and Keras do (for convolutions
 *     after the axes of space); otherwise the output axis is first, as PyTorch's layers have it
 */
public record NameHint(ParameterKind kind, String reason, boolean inputFirst) {}
