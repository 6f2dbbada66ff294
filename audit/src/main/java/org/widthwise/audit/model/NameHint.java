package org.widthwise.audit.model;

/**
 * What a parameter seems to be, and why.
 *
 * @param kind what it seems to be
 * @param reason why, in one phrase; text from the name is escaped
 * @param order how its axes seem to be listed
 * @param maps how many maps seem to be stacked in it: the channels of a depthwise convolution, else
 *     1
 */
public record NameHint(ParameterKind kind, String reason, AxisOrder order, int maps) {

  NameHint(ParameterKind kind, String reason, AxisOrder order) {
    this(kind, reason, order, 1);
  }
}
