package org.widthwise.bench;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What is timed in turns, and which ratios are drawn from it.
 *
 * @param contestants who takes turns
 * @param ratios the columns of ratios
 * @param rates rates of float32 matrix products, measured in the same rounds
 * @param work the arithmetic of the first contestant's step, against the first of the rates
 */
record Contest(List<Contestant> contestants, List<Ratio> ratios, List<Rate> rates, Work work) {

  /** Who takes turns. */
  record Contestant(String name, Turn turn) {}

  /** A run of about the given time at a width; gives milliseconds per step. */
  @FunctionalInterface
  interface Turn {
    double millisPerStep(int width, double seconds);
  }

  /** One contestant's time over another's, by their places. */
  record Ratio(String name, int numerator, int denominator) {}

  /** A rate in GFLOP/s, over about the given seconds. */
  record Rate(String name, DoubleUnaryOperator measure) {}

  /** Operations per step of the first contestant. */
  @FunctionalInterface
  interface Work {
    /** No share of the machine's rate is told. */
    Work UNTOLD = width -> 0;

    double gigaflop(int width);
  }
}
