package org.widthwise.sweep.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.Metric;
import org.widthwise.sweep.store.NewTrial;
import org.widthwise.sweep.store.TrialResult;

/** Trials that take a while and need no libtorch: what comes of one follows from its seed. */
final class Arithmetic implements TrialExecutor {

  private static final int STEPS = 30;

  private final long millis;

  /**
   * An executor.
   *
   * @param millis how long a trial takes
   */
  Arithmetic(long millis) {
    this.millis = millis;
  }

  static List<NewTrial> trials(int count) {
    List<NewTrial> trials = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      trials.add(new NewTrial("{}", i, 1 + i % 7));
    }
    return trials;
  }

  /** The logistic map, whose values tell every seed and step apart. */
  static List<Metric> metrics(long seed) {
    List<Metric> metrics = new ArrayList<>();
    double x = 1 / (seed + 2.5);
    for (int step = 1; step <= STEPS; step++) {
      x = 3.9 * x * (1 - x);
      metrics.add(new Metric("x", step, x));
    }
    return metrics;
  }

  @Override
  public Optional<TrialResult> run(Claim trial, BooleanSupplier stop, DoubleConsumer share) {
    for (int step = 1; step <= STEPS; step++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      try {
        Thread.sleep(millis / STEPS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      share.accept((double) step / STEPS);
    }
    return Optional.of(new TrialResult(false, "", metrics(trial.seed()), millis / 1000.0, "{}"));
  }
}
