package org.widthwise.audit.plan;

import java.util.List;

/**
 * The Gaussian that a parameter's first values are drawn from.
 *
 * @param name the parameter's name
 * @param shape its dimensions in the model
 * @param mean the mean of its entries
 * @param std their standard deviation; with 0 all entries are the mean
 */
public record InitialValues(String name, List<Long> shape, double mean, double std) {

  /**
   * Copies the shape.
   *
   * @param name the parameter's name
   * @param shape its dimensions in the model
   * @param mean the mean of its entries
   * @param std their standard deviation
   */
  public InitialValues {
    shape = List.copyOf(shape);
  }
}
