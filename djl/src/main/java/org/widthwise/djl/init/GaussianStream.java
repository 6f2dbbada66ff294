package org.widthwise.djl.init;

/**
 * Standard normal numbers that are the same on every JVM, machine and engine: SplitMix64 (G.
 * Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) through
 * G. Marsaglia's polar method, in {@link StrictMath}. The JDK's generators are free to change what
 * {@code nextGaussian} makes of their bits.
 */
final class GaussianStream {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spare;
  private boolean hasSpare;

  /**
   * A stream for each pair of seed and name, so that values do not depend on what else is drawn.
   */
  GaussianStream(long seed, String name) {
    long mixed = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < name.length(); i++) {
      mixed = mix((mixed ^ name.charAt(i)) + GOLDEN_GAMMA);
    }
    this.state = mixed;
  }

  double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    while (true) {
      double x = 2 * uniform() - 1;
      double y = 2 * uniform() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        double stretch = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * stretch;
        hasSpare = true;
        return x * stretch;
      }
    }
  }

  private double uniform() {
    state += GOLDEN_GAMMA;
    return (mix(state) >>> 11) * 0x1p-53;
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
