package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;

/**
 * Explains why a best rate drifts, from what its trials measured of their layers and from what they
 * had come to at half of their steps. These are symptoms that go with a drift; that they are its
 * cause is supposed, in the order in which the theory would have it.
 */
final class DriftCauses {

  /**
   * A size that goes as the width to the ±1/4 is halfway to the half powers that rules differ by.
   */
  private static final double EXPONENT = 0.25;

  /** Two standard errors. */
  private static final double REACH = 2;

  /** Octaves for each doubling: a smaller change of the drift with the steps explains nothing. */
  private static final double LEAST_CHANGE = 0.05;

  private static final String NONE_NEEDED = "none needed";

  private static final String HALF = "loss_at_half";

  /** The losses that are looked at: as the final ones, a tenth of the steps. */
  private static final double FINAL_PART = 0.1;

  private DriftCauses() {}

  /** A drift with its error. */
  record Drift(double slope, double error) {}

  /** How a drift is found, told by the one who found that of the final losses. */
  @FunctionalInterface
  interface DriftOf {

    Drift of(List<StoredTrial> trials, String metric);
  }

  /**
   * Explains.
   *
   * @param trials of one series
   * @param verdict whether transfer holds
   * @param drift at the end of the training
   * @param driftOf finds drifts
   * @return the explanation
   */
  static DriftExplanation of(
      List<StoredTrial> trials, Verdict verdict, Drift drift, DriftOf driftOf) {
    List<LayerExponents> layers = new SpectralExponents(trials).layers();
    Drift half = atHalf(trials, driftOf);
    if (verdict == Verdict.HOLDS) {
      return explained(NONE_NEEDED, "the best rate stays where it is", half, layers);
    }
    if (verdict == Verdict.UNDECIDED && Math.abs(drift.slope()) < REACH * drift.error()) {
      return explained(NONE_NEEDED, "there is no drift that could be told from none", half, layers);
    }
    List<String> imbalanced = new ArrayList<>();
    farthest(
        layers,
        "the first update of %s goes",
        LayerExponents::update,
        LayerExponents::updateError,
        imbalanced);
    farthest(
        layers,
        "the first values of %s go",
        LayerExponents::weight,
        LayerExponents::weightError,
        imbalanced);
    if (!imbalanced.isEmpty()) {
      return explained(
          DriftExplanation.IMBALANCE,
          "measured in spectral units, " + String.join(", and ", imbalanced),
          half,
          layers);
    }
    List<String> misaligned = new ArrayList<>();
    farthest(
        layers,
        "the alignment of the updates of %s goes",
        LayerExponents::alignment,
        LayerExponents::alignmentError,
        misaligned);
    if (!misaligned.isEmpty()) {
      return explained(DriftExplanation.MISALIGNMENT, misaligned.get(0), half, layers);
    }
    if (isDyingOut(half, drift)) {
      return explained(
          DriftExplanation.TOO_FEW_STEPS,
          String.format(
              Locale.ROOT,
              "the drift was %+.2f after half of the steps and is %+.2f at the end: it dies out"
                  + " with longer trainings",
              half.slope(),
              drift.slope()),
          half,
          layers);
    }
    return layers.isEmpty()
        ? explained("unknown", "the trials measured nothing of their layers", half, layers)
        : explained(
            "none of these",
            "sizes and alignments of all layers stay, and half of the steps had the same drift",
            half,
            layers);
  }

  private static DriftExplanation explained(
      String cause, String sentence, Drift half, List<LayerExponents> layers) {
    return new DriftExplanation(cause, sentence, half.slope(), half.error(), layers);
  }

  /** Adds a sentence about the layer whose exponent is farthest from 0, if it is far enough. */
  private static void farthest(
      List<LayerExponents> layers,
      String what,
      ToDoubleFunction<LayerExponents> exponent,
      ToDoubleFunction<LayerExponents> error,
      List<String> sentences) {
    LayerExponents worst = null;
    double most = EXPONENT;
    for (LayerExponents layer : layers) {
      double size = Math.abs(exponent.applyAsDouble(layer));
      double clear = size - REACH * FittedCurve.nanToZero(error.applyAsDouble(layer));
      if (size > most && clear > 0) {
        most = size;
        worst = layer;
      }
    }
    if (worst != null) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "%s as width^%+.2f",
              what.formatted(worst.parameter()),
              exponent.applyAsDouble(worst)));
    }
  }

  private static boolean isDyingOut(Drift half, Drift end) {
    double change = Math.abs(half.slope()) - Math.abs(end.slope());
    return Math.signum(half.slope()) == Math.signum(end.slope())
        && change > LEAST_CHANGE
        && change
            > REACH
                * Math.max(FittedCurve.nanToZero(half.error()), FittedCurve.nanToZero(end.error()));
  }

  private static Drift atHalf(List<StoredTrial> trials, DriftOf driftOf) {
    List<StoredTrial> halved = new ArrayList<>();
    for (StoredTrial trial : trials) {
      NavigableMap<Long, Double> losses = trial.metrics().get(TrainingExecutor.TRAINING_LOSS);
      if (losses != null && trial.metrics().containsKey(TrainingExecutor.FINAL_TRAINING_LOSS)) {
        halved.add(withLossAtHalf(trial, losses));
      }
    }
    try {
      return halved.isEmpty() ? new Drift(Double.NaN, Double.NaN) : driftOf.of(halved, HALF);
    } catch (RunException nothing) {
      return new Drift(Double.NaN, Double.NaN);
    }
  }

  private static StoredTrial withLossAtHalf(StoredTrial trial, NavigableMap<Long, Double> losses) {
    long half = (losses.lastKey() + 1) / 2;
    long from = half - Math.max(1, Math.round(FINAL_PART * losses.lastKey()));
    double loss =
        losses.subMap(from, false, half, true).values().stream()
            .mapToDouble(value -> value)
            .average()
            .orElse(Double.NaN);
    Map<String, NavigableMap<Long, Double>> metrics = new HashMap<>();
    if (loss > 0) {
      metrics.put(HALF, new TreeMap<>(Map.of(half, loss)));
    }
    return trial.withMetrics(metrics);
  }
}
