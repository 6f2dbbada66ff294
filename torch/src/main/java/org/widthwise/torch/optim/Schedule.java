package org.widthwise.torch.optim;

/** A factor on every learning rate over the course of a training; it knows nothing of width. */
public interface Schedule {

  /**
   * The factor of a step.
   *
   * @param step the number of steps taken before it, from 0
   * @return the factor, at least 0
   */
  double factor(long step);
}
