package org.widthwise.torch.optim;

/**
 * The usual schedules. Each begins with a warm-up in which the factor grows linearly, {@code (t +
 * 1)/w} over the first w steps; 0 leaves it out.
 */
public final class Schedules {

  private Schedules() {}

  /**
   * The same rate throughout.
   *
   * @return the factor 1
   */
  public static Schedule constant() {
    return new Constant(0);
  }

  /**
   * The same rate after a warm-up.
   *
   * @param warmUp steps of warm-up
   */
  public record Constant(long warmUp) implements Schedule {

    /**
     * Checks the warm-up.
     *
     * @param warmUp steps of warm-up
     * @throws IllegalArgumentException if it is negative
     */
    public Constant {
      requireSteps(warmUp, 0, Long.MAX_VALUE);
    }

    @Override
    public double factor(long step) {
      return rising(step, warmUp);
    }
  }

  /**
   * Linear from 1 to a last factor.
   *
   * @param warmUp steps of warm-up
   * @param steps steps in all
   * @param last the factor that would come after the last step, 0 for decay to zero
   */
  public record Linear(long warmUp, long steps, double last) implements Schedule {

    /**
     * Checks the numbers.
     *
     * @param warmUp steps of warm-up
     * @param steps steps in all
     * @param last the factor that would come after the last step
     * @throws IllegalArgumentException if the warm-up is longer than the training or a number is
     *     negative
     */
    public Linear {
      requireSteps(warmUp, 0, steps);
      requireFactor(last);
    }

    @Override
    public double factor(long step) {
      return step < warmUp ? rising(step, warmUp) : 1 - (1 - last) * progress(step, warmUp, steps);
    }
  }

  /**
   * Half a cosine from 1 to a last factor (I. Loshchilov, F. Hutter, "SGDR", 2017).
   *
   * @param warmUp steps of warm-up
   * @param steps steps in all
   * @param last the factor that would come after the last step
   */
  public record Cosine(long warmUp, long steps, double last) implements Schedule {

    /**
     * Checks the numbers.
     *
     * @param warmUp steps of warm-up
     * @param steps steps in all
     * @param last the factor that would come after the last step
     * @throws IllegalArgumentException if the warm-up is longer than the training or a number is
     *     negative
     */
    public Cosine {
      requireSteps(warmUp, 0, steps);
      requireFactor(last);
    }

    @Override
    public double factor(long step) {
      return step < warmUp
          ? rising(step, warmUp)
          : last + (1 - last) * (1 + Math.cos(Math.PI * progress(step, warmUp, steps))) / 2;
    }
  }

  /**
   * Warm-up, a stable phase, and a linear decay, "WSD" (S. Hu and others, "MiniCPM", 2024).
   *
   * @param warmUp steps of warm-up
   * @param steps steps in all
   * @param decay steps of decay, the last ones
   * @param last the factor that would come after the last step
   */
  public record WarmUpStableDecay(long warmUp, long steps, long decay, double last)
      implements Schedule {

    /**
     * Checks the numbers.
     *
     * @param warmUp steps of warm-up
     * @param steps steps in all
     * @param decay steps of decay
     * @param last the factor that would come after the last step
     * @throws IllegalArgumentException if warm-up and decay are longer than the training or a
     *     number is negative
     */
    public WarmUpStableDecay {
      requireSteps(warmUp, 0, steps);
      requireSteps(decay, 0, steps - warmUp);
      requireFactor(last);
    }

    @Override
    public double factor(long step) {
      if (step < warmUp) {
        return rising(step, warmUp);
      }
      long decayFrom = steps - decay;
      return step < decayFrom ? 1 : 1 - (1 - last) * progress(step, decayFrom, steps);
    }
  }

  private static double rising(long step, long warmUp) {
    return step < warmUp ? (step + 1.0) / warmUp : 1;
  }

  /** From 0 at the first step to 1 after the last, and 1 from then on. */
  private static double progress(long step, long from, long to) {
    return step >= to ? 1 : (double) (step - from) / (to - from);
  }

  private static void requireSteps(long steps, long least, long most) {
    if (steps < least || steps > most) {
      throw new IllegalArgumentException(
          "a phase of a schedule takes from %d to %d steps here, not %d"
              .formatted(least, most, steps));
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 0 && Double.isFinite(factor))) {
      throw new IllegalArgumentException(
          "a schedule's factor is at least 0 and finite, not " + factor);
    }
  }
}
