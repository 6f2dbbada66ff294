package org.widthwise.sweep.tune;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/** Counts the floating-point operations of every trial that is asked for, each once. */
final class CostLedger implements Trainer {

  private final Trainer trainer;
  private final ToDoubleFunction<TrialConfiguration> flopsOfStep;
  private final Map<String, Double> trials = new HashMap<>();

  CostLedger(Trainer trainer, ToDoubleFunction<TrialConfiguration> flopsOfStep) {
    this.trainer = trainer;
    this.flopsOfStep = flopsOfStep;
  }

  @Override
  public List<StoredTrial> train(
      Stage stage, List<TrialConfiguration> configurations, List<Long> seeds)
      throws InterruptedException {
    for (TrialConfiguration configuration : configurations) {
      double flops = stage.steps() * flopsOfStep.applyAsDouble(configuration);
      for (long seed : seeds) {
        trials.put(stage.name() + seed + configuration.json(), flops);
      }
    }
    return trainer.train(stage, configurations, seeds);
  }

  double flops() {
    return trials.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  int trials() {
    return trials.size();
  }

  double flops(TrialConfiguration configuration, int steps) {
    return steps * flopsOfStep.applyAsDouble(configuration);
  }
}
