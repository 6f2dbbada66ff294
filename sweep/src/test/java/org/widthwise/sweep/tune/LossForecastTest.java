package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LossForecastTest {

  private static double[] geometric(int count, double limit, double gain, double ratio) {
    double[] losses = new double[count];
    for (int k = 0; k < count; k++) {
      losses[k] = Math.exp(limit + gain * Math.pow(ratio, k));
    }
    return losses;
  }

  @Test
  void anApproachToALimitIsFollowed() {
    double[] losses = geometric(3, -0.2, 0.5, 0.7);
    LossForecast found = LossForecast.at(new int[] {32, 64, 128}, losses, 2048);
    assertThat(found.loss()).isCloseTo(Math.exp(-0.2 + 0.5 * Math.pow(0.7, 6)), within(1e-12));
    assertThat(found.upper()).isCloseTo(losses[2], within(1e-12));
    double straight = losses[2] * Math.pow(losses[2] / losses[1], 4);
    assertThat(found.lower()).isCloseTo(straight, within(1e-12));
    // Widths four times apart: each doubling brings the root of what they bring.
    double[] wide = geometric(5, -0.2, 0.5, 0.7);
    assertThat(
            LossForecast.at(
                    new int[] {32, 128, 512}, new double[] {wide[0], wide[2], wide[4]}, 2048)
                .loss())
        .isCloseTo(Math.exp(-0.2 + 0.5 * Math.pow(0.7, 6)), within(1e-12));
  }

  @Test
  void whatDoesNotBendIsContinued() {
    double[] losses = {1, 0.9, 0.81};
    LossForecast found = LossForecast.at(new int[] {1, 2, 4}, losses, 8);
    assertThat(found.loss()).isCloseTo(0.729, within(1e-12));
    // What helps more and more is not taken to go on so.
    assertThat(LossForecast.at(new int[] {1, 2, 4}, new double[] {1, 0.95, 0.855}, 8).loss())
        .isCloseTo(0.855 * 0.9, within(1e-12));
    assertThat(LossForecast.at(new int[] {4}, new double[] {1}, 8).loss()).isNaN();
  }

  @Test
  void whatGrowsAgainIsHeldAtTheLast() {
    LossForecast found = LossForecast.at(new int[] {1, 2, 4}, new double[] {1, 0.9, 0.95}, 16);
    assertThat(found.loss()).isCloseTo(0.95, within(1e-12));
    assertThat(found.lower()).isCloseTo(0.95, within(1e-12));
    assertThat(found.upper()).isGreaterThan(1);
  }
}
