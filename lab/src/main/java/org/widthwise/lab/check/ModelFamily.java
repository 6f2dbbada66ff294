package org.widthwise.lab.check;

import org.widthwise.lab.train.Architecture;

/** One network at any width: all else is the same. */
@FunctionalInterface
public interface ModelFamily {

  /**
   * The network at a width.
   *
   * @param width the width
   * @return its description
   * @throws IllegalArgumentException if there is no such network, as where heads do not divide it
   */
  Architecture at(int width);
}
