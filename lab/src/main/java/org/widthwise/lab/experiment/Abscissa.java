package org.widthwise.lab.experiment;

import org.widthwise.lab.plot.Axis;

/** What a panel's values are drawn against, always logarithmically. */
public enum Abscissa {
  /** The hidden width. */
  WIDTH("width n", "n"),
  /** The number of examples in the batch. */
  BATCH("batch size B", "B"),
  /** The number of training steps taken. */
  STEP("training step t", "t"),
  /** The number of tokens that an embedding table has. */
  VOCABULARY("vocabulary V", "V");

  private final String label;
  private final String symbol;

  Abscissa(String label, String symbol) {
    this.label = label;
    this.symbol = symbol;
  }

  /**
   * The letter that stands for it.
   *
   * @return such as {@code n}
   */
  public String symbol() {
    return symbol;
  }

  Axis axis() {
    return Axis.log2(label);
  }

  /**
   * Where a law may begin to hold: narrower networks are drawn, but not fitted where at least three
   * wider ones are at hand.
   */
  long asymptoticFrom() {
    return this == WIDTH ? 64 : 1;
  }
}
