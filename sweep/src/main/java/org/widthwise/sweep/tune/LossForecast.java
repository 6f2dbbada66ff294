package org.widthwise.sweep.tune;

import java.util.Arrays;

/**
 * The loss of a wide network at its best rate, from those of narrower ones: by a power law of the
 * width through all of them, least squares in logarithms. Its ends are that width helps no more,
 * and that each doubling helps as much as any did.
 *
 * @param loss the prediction
 * @param lower its lower end
 * @param upper its upper end
 */
public record LossForecast(double loss, double lower, double upper) {

  /**
   * Predicts.
   *
   * @param widths ascending
   * @param losses at the best rate of each, positive
   * @param target at least the last of the widths
   * @return the prediction; NaN with fewer than two widths
   */
  static LossForecast at(int[] widths, double[] losses, int target) {
    int last = widths.length - 1;
    if (last < 1) {
      return new LossForecast(Double.NaN, Double.NaN, Double.NaN);
    }
    double[] octaves = Arrays.stream(widths).mapToDouble(HalfOctaves::log2).toArray();
    double[] logs = Arrays.stream(losses).map(Math::log).toArray();
    double meanOctave = Arrays.stream(octaves).average().orElseThrow();
    double meanLog = Arrays.stream(logs).average().orElseThrow();
    double products = 0;
    double squares = 0;
    double steepest = 0;
    for (int i = 0; i <= last; i++) {
      products += (octaves[i] - meanOctave) * (logs[i] - meanLog);
      squares += (octaves[i] - meanOctave) * (octaves[i] - meanOctave);
      if (i > 0) {
        steepest = Math.min(steepest, (logs[i] - logs[i - 1]) / (octaves[i] - octaves[i - 1]));
      }
    }
    double ahead = HalfOctaves.log2(target) - octaves[last];
    double predicted = meanLog + products / squares * (HalfOctaves.log2(target) - meanOctave);
    // What grew with the width is not taken to go on growing.
    double loss = Math.exp(Math.min(predicted, logs[last]));
    return new LossForecast(
        loss, Math.min(loss, losses[last] * Math.exp(steepest * ahead)), losses[last]);
  }
}
