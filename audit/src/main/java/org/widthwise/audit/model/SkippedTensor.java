package org.widthwise.audit.model;

/**
 * A tensor in a file that is no parameter.
 *
 * @param name its name
 * @param reason why it is none, in a few words
 */
public record SkippedTensor(String name, String reason) {}
