package org.widthwise.bench;

/** Repeats something for about a given time; remembers how long it took the last time. */
final class Pace {
  private static final double CALIBRATION_SHARE = 0.25;
  private static final double NANOS = 1e9;

  private double secondsEach;

  /** What is repeated. */
  @FunctionalInterface
  interface Repeatable {
    void run(long count);
  }

  /**
   * Runs it once, as many times over as fit.
   *
   * @return seconds per repetition
   */
  double run(Repeatable work, double seconds) {
    if (secondsEach == 0) {
      long count = 1;
      double took = timed(work, count);
      while (took < CALIBRATION_SHARE * seconds) {
        count *= 2;
        took = timed(work, count);
      }
      secondsEach = took / count;
    }
    long count = Math.max(1, (long) Math.ceil(seconds / secondsEach));
    secondsEach = timed(work, count) / count;
    return secondsEach;
  }

  private static double timed(Repeatable work, long count) {
    long start = System.nanoTime();
    work.run(count);
    return Math.max(1, System.nanoTime() - start) / NANOS;
  }
}
