package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LossForecastTest {

  @Test
  void aPowerLawIsFollowed() {
    int[] widths = {32, 64, 128, 512};
    double[] losses = new double[widths.length];
    for (int i = 0; i < widths.length; i++) {
      losses[i] = 3 * Math.pow(widths[i], -0.07);
    }
    LossForecast found = LossForecast.at(widths, losses, 2048);
    assertThat(found.loss()).isCloseTo(3 * Math.pow(2048, -0.07), within(1e-12));
    assertThat(found.upper()).isEqualTo(losses[3]);
    assertThat(found.lower()).isCloseTo(found.loss(), within(1e-12));
  }

  @Test
  void theLineGoesThroughAllWidths() {
    // Logarithms 0, −0.2, −0.1: the line falls by 0.05 each from −0.1 in the middle.
    double[] losses = {1, Math.exp(-0.2), Math.exp(-0.1)};
    LossForecast found = LossForecast.at(new int[] {1, 2, 4}, losses, 16);
    assertThat(Math.log(found.loss())).isCloseTo(-0.1 - 0.05 * 3, within(1e-12));
    assertThat(Math.log(found.lower())).isCloseTo(-0.1 - 0.2 * 2, within(1e-12));
    assertThat(Math.log(found.upper())).isCloseTo(-0.1, within(1e-12));
    assertThat(LossForecast.at(new int[] {4}, new double[] {1}, 8).loss()).isNaN();
  }

  @Test
  void whatGrowsWithTheWidthIsHeldAtTheLast() {
    LossForecast found = LossForecast.at(new int[] {1, 2, 4}, new double[] {0.9, 0.9, 0.95}, 16);
    assertThat(found.loss()).isCloseTo(0.95, within(1e-12));
    assertThat(found.lower()).isCloseTo(0.95, within(1e-12));
    assertThat(found.upper()).isCloseTo(0.95, within(1e-12));
  }
}
