package org.widthwise.lab.data;

/**
 * The SplitMix64 generator (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014). Kept here, and not taken from the JDK, because draws are part of the
 * provenance of a result and must be the same on every Java version.
 */
final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** Standard deviation of a sum of four integers uniform on 0..65535. */
  private static final double DEVIATION_OF_FOUR = Math.sqrt(4 * (65536.0 * 65536.0 - 1) / 12);

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /** The generator of member {@code index} of the family that {@code seed} names. */
  static SplitMix64 of(long seed, long index) {
    return new SplitMix64(mix(mix(seed + GOLDEN_GAMMA) + index * GOLDEN_GAMMA));
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform on 0..bound−1 without bias: draws from the incomplete last interval are rejected. */
  int nextInt(int bound) {
    while (true) {
      long bits = nextLong() >>> 1;
      long value = bits % bound;
      if (bits - value + (bound - 1) >= 0) {
        return (int) value;
      }
    }
  }

  /**
   * Nearly Gaussian, mean 0, variance 1: a sum of four 16-bit uniform numbers (kurtosis 2.7). One
   * draw and no transcendental function, which the pixels, sums of a thousand such numbers, do not
   * notice.
   */
  double nextNearlyGaussian() {
    long bits = nextLong();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - 2 * 65535) / DEVIATION_OF_FOUR;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
