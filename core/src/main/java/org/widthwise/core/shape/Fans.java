package org.widthwise.core.shape;

/**
 * The dimensions of a linear map, the only thing that the scaling rules look at.
 *
 * @param fanIn the dimension of the input space, at least 1
 * @param fanOut the dimension of the output space, at least 1
 */
public record Fans(long fanIn, long fanOut) {

  /**
   * Checks both dimensions.
   *
   * @param fanIn the dimension of the input space
   * @param fanOut the dimension of the output space
   * @throws IllegalArgumentException if one is below 1
   */
  public Fans {
    if (fanIn < 1 || fanOut < 1) {
      throw new IllegalArgumentException(
          "fan-in and fan-out must be at least 1, but are %d and %d".formatted(fanIn, fanOut));
    }
  }

  /**
   * The size that Condition 1 asks of a weight matrix and of each of its updates.
   *
   * @return √(fan-out / fan-in)
   */
  public double targetSpectralNorm() {
    return Math.sqrt((double) fanOut / fanIn);
  }

  /**
   * The greatest rank that the map can have.
   *
   * @return min(fan-in, fan-out)
   */
  public long minimum() {
    return Math.min(fanIn, fanOut);
  }

  /**
   * The number of entries of a full matrix of these dimensions.
   *
   * @return fan-in · fan-out, as a double because it may exceed a long
   */
  public double entries() {
    return (double) fanIn * fanOut;
  }
}
